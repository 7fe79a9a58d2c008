import { expect } from 'chai';
import { FakeNode } from '../node/fake-node.test-support.ts';
import { absent, failure, id, planned, present } from './planned.test-support.ts';
import { readRecords } from './record.ts';
import type { NodeAct } from './types.ts';

const nodes = ['one', 'two'];
const acts = nodes.map((node): NodeAct => {
  return { site: { node }, apply: 'break-it', undo: 'mend-it', isApplied: 'is-broken' };
});
const seen = [absent, present, absent];

describe('Fault', () => {
  let node: FakeNode;
  beforeEach(() => {
    node = new FakeNode().answer(/sh \S+\.undo harness/, { stdout: 'harness\n' });
  });

  it('records and arms every node before it applies anything on any', async () => {
    const { fault, phases } = await planned(node.exec, acts, seen);
    await fault.inject();
    const last = (pattern: RegExp) => Math.max(...nodes.flatMap((name) => node.positions(name, pattern)));
    const first = (pattern: RegExp) => Math.min(...nodes.flatMap((name) => node.positions(name, pattern)));
    expect(first(/\.json\.tmp/)).to.be.lessThan(first(/systemd-run/));
    expect(last(/systemd-run/)).to.be.lessThan(first(/break-it/));
    expect(phases).to.deep.equal(['armed', 'injected', 'observed']);
  });

  it('stores the inverse on the node and runs the same file from the timer', async () => {
    await (await planned(node.exec, acts, seen)).fault.inject();
    const stored = node.calls.find((call) => call.argv.join(' ').includes('.undo.tmp'));
    expect(stored?.stdin).to.include('mend-it');
    const timer = node.calls.find((call) => call.argv[0] === 'systemd-run')?.argv ?? [];
    expect(timer).to.include('--on-active=5000ms');
    expect(timer).to.include('--timer-property=AccuracySec=100ms');
    expect(timer.slice(-3)).to.deep.equal(['/bin/sh', `/var/lib/ordeal/faults/${id}-act-0.undo`, 'deadline']);
  });

  it('keeps a record in the state folder until it is proven gone', async () => {
    const { fault, stateDir } = await planned(node.exec, acts, seen);
    await fault.inject();
    const [record] = await readRecords(stateDir);
    expect(record?.acts).to.deep.equal(nodes.map((name, index) => ({ index, node: name, undo: 'mend-it' })));
    expect(await fault.revert()).to.equal('harness');
    expect(await readRecords(stateDir)).to.deep.equal([]);
  });

  it('applies nothing when a node cannot be armed, and reverts what was recorded', async () => {
    node.answer(/systemd-run/, { code: 1, stderr: 'no bus' });
    const error = await failure((await planned(node.exec, acts, [absent])).fault.inject());
    expect(error.message).to.match(/could not arm the deadline on node one: exit 1: no bus/);
    expect(node.positions('one', /break-it/)).to.deep.equal([]);
    expect(node.positions('one', /\.undo harness/)).to.have.length(1);
  });

  it('reverts on every node when it cannot be applied on one', async () => {
    node.answer(/^two .*break-it/, { code: 1, stderr: 'refused' });
    const { fault, phases } = await planned(node.exec, acts, [absent]);
    expect((await failure(fault.inject())).message).to.match(/could not apply on node two/);
    for (const name of nodes) expect(node.positions(name, /\.undo harness/), name).to.have.length(1);
    expect(phases).to.deep.equal(['armed', 'reverted']);
  });

  it('reverts once: a second revert does nothing', async () => {
    const { fault } = await planned(node.exec, acts, seen);
    await fault.inject();
    await fault.revert();
    const calls = node.calls.length;
    expect(await fault.revert()).to.equal('nobody');
    expect(node.calls.length).to.equal(calls);
  });

  it('reports a fault that stays as leaked, keeps its record and can be reverted later', async () => {
    node.answer(/sh \S+\.undo harness/, { code: 1, stderr: 'busy' });
    const { fault, phases, stateDir } = await planned(node.exec, acts, seen);
    await fault.inject();
    expect((await failure(fault.revert())).message).to.equal('cut may still be in place');
    expect(phases.at(-1)).to.equal('leaked');
    expect(fault.result).to.include({ outcome: 'not-reverted', doubt: 'cut may still be in place' });
    expect(await readRecords(stateDir)).to.have.length(1);
    node.answer(/sh \S+\.undo harness/, { stdout: 'harness\n' });
    await fault.revert();
    expect(fault.result?.outcome).to.equal('effective');
  });
});

describe('the effect of a fault', () => {
  const node = new FakeNode().answer(/sh \S+\.undo harness/, { stdout: 'harness\n' });
  const late = new FakeNode().answer(/sh \S+\.undo harness/, { stdout: 'deadline\n' });

  it('makes it inconclusive when it is there before the fault', async () => {
    const untouched = new FakeNode();
    const { fault } = await planned(untouched.exec, acts, [present]);
    expect((await failure(fault.inject())).message).to.match(/before the fault \(dropped\)/);
    expect(untouched.calls).to.deep.equal([]);
    expect(fault.result).to.equal(undefined);
  });

  it('is awaited, and kept with its estimate', async () => {
    const estimate = { metric: 'loss', value: 0.1, low: 0.08, high: 0.12, unit: 'ratio' } as const;
    const { fault } = await planned(node.exec, acts, [absent, absent, { ...present, estimate }, absent]);
    expect(await fault.inject()).to.deep.include({ seen: 'dropped', estimate });
    await fault.revert();
    expect(fault.result).to.deep.include({ outcome: 'effective', revertedBy: 'harness' });
    expect(fault.result?.observed?.estimate).to.equal(estimate);
    expect(fault.result?.doubt).to.equal(undefined);
  });

  it('makes a fault nobody can measure ineffective, and inconclusive', async () => {
    const { fault, phases } = await planned(node.exec, acts, [absent]);
    expect((await failure(fault.inject())).message).to.match(/cannot be measured: open/);
    expect(phases.at(-1)).to.equal('ineffective');
    await fault.revert();
    expect(fault.result).to.deep.equal({ outcome: 'ineffective', revertedBy: 'harness' });
  });

  it('must be gone once the fault is: else it is not reverted, and all is in doubt', async () => {
    const { fault, phases } = await planned(node.exec, acts, [absent, present]);
    await fault.inject();
    expect((await failure(fault.revert())).message).to.match(/taken away by harness, yet its effect is still measured/);
    expect(phases.slice(-2)).to.deep.equal(['reverted', 'not-reverted']);
    expect(fault.result?.outcome).to.equal('not-reverted');
    expect(fault.result?.doubt).to.match(/still measured: dropped/);
  });

  it('is in doubt when the deadline came first, unless that was meant', async () => {
    const early = await planned(late.exec, acts, seen);
    await early.fault.inject();
    expect(await early.fault.revert()).to.equal('deadline');
    expect(early.phases.at(-1)).to.equal('deadline-reverted');
    expect(early.fault.result?.doubt).to.match(/the nodes ended it at its deadline/);
    const meant = await planned(late.exec, acts, seen, 'deadline');
    await meant.fault.inject();
    await meant.fault.revert();
    expect(meant.fault.result)
      .to.include({ outcome: 'effective', revertedBy: 'deadline' })
      .and.not.have.property('doubt');
  });

  it('stays where nothing can be undone', async () => {
    const kill = { site: 'api' as const, apply: () => Promise.resolve() };
    const { fault, stateDir } = await planned(node.exec, [kill], [absent, present]);
    await fault.inject();
    expect(await readRecords(stateDir)).to.deep.equal([]);
    expect(await fault.revert()).to.equal('nobody');
    expect(fault.result?.outcome).to.equal('effective');
  });
});
