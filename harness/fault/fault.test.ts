import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFault } from './fault.ts';
import { FakeNode } from '../node/fake-node.test-support.ts';
import { readRecords } from './record.ts';
import type { Effect, Fault, FaultPhase, FaultPlan } from './types.ts';

const id = 'r1-1';
const nodes = ['one', 'two'];
const absent: Effect = { present: false, seen: 'open' };
const present: Effect = { present: true, seen: 'dropped' };

describe('Fault', () => {
  let stateDir: string;
  let node: FakeNode;
  let phases: FaultPhase[];
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'ordeal-fault-'));
    node = new FakeNode().answer(/sh \S+\.undo harness/, { stdout: 'harness\n' });
    phases = [];
  });
  afterEach(() => rm(stateDir, { recursive: true }));

  function make(effects: readonly Effect[], strike?: FaultPlan['strike']): Fault {
    const trail = [...effects];
    const effect = () => Promise.resolve(trail.length > 1 ? (trail.shift() ?? absent) : (trail[0] ?? absent));
    const actions = () =>
      nodes.map((name) => ({ node: name, apply: 'break-it', undo: 'mend-it', present: 'is-broken' }));
    const plan: FaultPlan = { kind: 'partition', title: 'cut', actions, effect, strike };
    const undo = Object.fromEntries(nodes.map((name) => [name, 'mend-it']));
    const about = { id, runId: 'r1', cluster: 'c', title: 'cut', madeAt: '2026-01-01T00:00:00Z' };
    return createFault(plan, {
      exec: node.exec,
      stateDir,
      record: { ...about, deadlineMs: 5000, undo },
      timeouts: { settleMs: 5, settlePollMs: 1 },
      report: (phase) => phases.push(phase),
    });
  }

  it('records and arms every node before it applies anything on any', async () => {
    await make([absent]).inject();
    const last = (pattern: RegExp) => Math.max(...nodes.flatMap((name) => node.positions(name, pattern)));
    const first = (pattern: RegExp) => Math.min(...nodes.flatMap((name) => node.positions(name, pattern)));
    expect(first(/\.json\.tmp/)).to.be.lessThan(first(/systemd-run/));
    expect(last(/systemd-run/)).to.be.lessThan(first(/break-it/));
    expect(phases).to.deep.equal(['armed', 'injected']);
  });

  it('stores the inverse on the node and runs the same file from the timer', async () => {
    await make([absent]).inject();
    const stored = node.calls.find((call) => call.argv.join(' ').includes('.undo.tmp'));
    expect(stored?.stdin).to.include('mend-it');
    const timer = node.calls.find((call) => call.argv[0] === 'systemd-run')?.argv ?? [];
    expect(timer).to.include('--on-active=5000ms');
    expect(timer).to.include('--timer-property=AccuracySec=100ms');
    expect(timer.slice(-3)).to.deep.equal(['/bin/sh', `/run/ordeal/faults/${id}.undo`, 'deadline']);
  });

  it('keeps a record in the state folder until it is proven gone', async () => {
    const fault = make([absent]);
    await fault.inject();
    expect((await readRecords(stateDir)).map((record) => record.id)).to.deep.equal([id]);
    expect(await fault.revert()).to.equal('harness');
    expect(await readRecords(stateDir)).to.deep.equal([]);
  });

  it('applies nothing when a node cannot be armed, and reverts what was recorded', async () => {
    node.answer(/systemd-run/, { code: 1, stderr: 'no bus' });
    const error = await failure(make([absent]).inject());
    expect(error.message).to.match(/could not arm the deadline on node one: exit 1: no bus/);
    expect(node.positions('one', /break-it/)).to.deep.equal([]);
    expect(node.positions('one', /\.undo harness/)).to.have.length(1);
  });

  it('reverts on every node when it cannot be applied on one', async () => {
    node.answer(/^two .*break-it/, { code: 1, stderr: 'refused' });
    const error = await failure(make([absent]).inject());
    expect(error.message).to.match(/could not apply on node two/);
    for (const name of nodes) expect(node.positions(name, /\.undo harness/), name).to.have.length(1);
    expect(phases).to.deep.equal(['armed', 'reverted']);
  });

  it('reverts once: a second revert does nothing', async () => {
    const fault = make([absent]);
    await fault.inject();
    await fault.revert();
    const calls = node.calls.length;
    expect(await fault.revert()).to.equal('nobody');
    expect(node.calls.length).to.equal(calls);
  });

  it('says that the deadline was first', async () => {
    node.answer(/sh \S+\.undo harness/, { stdout: 'deadline\n' });
    const fault = make([absent]);
    await fault.inject();
    expect(await fault.revert()).to.equal('deadline');
    expect(phases.at(-1)).to.equal('deadline-reverted');
  });

  it('reports a fault that stays as leaked and keeps its record', async () => {
    node.answer(/sh \S+\.undo harness/, { code: 1, stderr: 'busy' });
    const fault = make([absent]);
    await fault.inject();
    expect((await failure(fault.revert())).message).to.equal('cut may still be in place');
    expect(phases.at(-1)).to.equal('leaked');
    expect(await readRecords(stateDir)).to.have.length(1);
  });

  it('is inconclusive when the effect is there before the fault', async () => {
    expect((await failure(make([present]).inject())).message).to.match(/before the fault \(dropped\)/);
    expect(node.calls).to.deep.equal([]);
  });

  it('observes an effect that comes late', async () => {
    const fault = make([absent, absent, present]);
    await fault.inject();
    expect((await fault.observe()).seen).to.equal('dropped');
    expect(phases.at(-1)).to.equal('observed');
  });

  it('calls a fault nobody can measure ineffective', async () => {
    const fault = make([absent]);
    await fault.inject();
    expect((await failure(fault.observe())).message).to.match(/cannot be measured: open/);
    expect(phases.at(-1)).to.equal('ineffective');
  });
});

async function failure(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error : new Error(String(error));
}
