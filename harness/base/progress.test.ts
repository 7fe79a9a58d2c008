import { expect } from 'chai';
import { OrdealError } from './errors.ts';
import type { StepRecord } from './progress.ts';
import { clock, plainText } from './progress-line.ts';
import { terminalProgress } from './progress-terminal.ts';
import type { TerminalProgress } from './progress-terminal.ts';

class Stage {
  text = '';
  time = 0;
  tick: () => void = () => undefined;
  readonly events: StepRecord[] = [];
  readonly progress: TerminalProgress;

  constructor(isTTY: boolean) {
    this.progress = terminalProgress({
      sink: { write: (text) => (this.text += text), isTTY, columns: 60 },
      now: () => this.time,
      every: (_, tick) => {
        this.tick = tick;
        return () => (this.tick = () => undefined);
      },
    });
  }

  pass(ms: number): void {
    this.time += ms;
    this.tick();
  }
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('terminalProgress', () => {
  it('gives back what the work gives and keeps the time', async () => {
    const stage = new Stage(false);
    const value = await stage.progress.step('create nodes', () => {
      stage.time += 2500;
      return Promise.resolve(42);
    });
    expect(value).to.equal(42);
    expect(stage.progress.steps).to.deep.equal([{ title: 'create nodes', ms: 2500, outcome: 'ok' }]);
    expect(stage.text.split('\n').slice(0, 2)).to.deep.equal([
      ' 0:00  start  create nodes',
      ' 0:02  done   create nodes  (2.5 s)',
    ]);
  });

  it('passes the very error on, also one thrown before the first await, and records it', async () => {
    const stage = new Stage(false);
    stage.progress.recordTo((event) => stage.events.push(event));
    const boom = new OrdealError('CLUSTER', 'kind create failed');
    const thrown = await refusal(
      stage.progress.step('create', () => {
        throw boom;
      }),
    );
    expect(thrown).to.equal(boom);
    expect(stage.events).to.deep.equal([
      { type: 'step', title: 'create', ms: 0, outcome: 'failed', error: 'kind create failed' },
    ]);
    expect(stage.text).to.match(/FAILED {2}create {2}\(0\.0 s\): kind create failed/);
  });

  it('hands steps that ended before the log was open to the log, once', async () => {
    const stage = new Stage(false);
    await stage.progress.step('doctor', () => Promise.resolve());
    stage.progress.recordTo((event) => stage.events.push(event));
    await stage.progress.step('nodes', () => Promise.resolve());
    stage.progress.recordTo((event) => stage.events.push(event));
    expect(stage.events.map((event) => event.title)).to.deep.equal(['doctor', 'nodes']);
  });

  it('says that a long step is alive where nothing can be redrawn', async () => {
    const stage = new Stage(false);
    const gate = Promise.withResolvers<undefined>();
    const step = stage.progress.step('build', (report) => {
      report('compiling\n\u001b[2Jfelix');
      return gate.promise;
    });
    stage.pass(29_000);
    expect(stage.text).not.to.contain('still');
    stage.pass(2_000);
    stage.pass(1_000);
    expect(stage.text.match(/still/g)).to.have.length(1);
    expect(stage.text).to.contain('still  0:31 build: compiling [2Jfelix');
    gate.resolve(undefined);
    await step;
  });

  it('shows concurrent steps in one live line, within the width, and takes it away', async () => {
    const stage = new Stage(true);
    const gates = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
    const first = stage.progress.step('first', () => gates[0].promise);
    const second = stage.progress.step('second', () => gates[1].promise);
    stage.pass(120);
    expect(stage.text).to.contain('second  (and first)').and.not.to.contain('\n');
    stage.progress.note('a fact');
    gates[0].resolve(undefined);
    await first;
    stage.pass(120);
    gates[1].resolve(undefined);
    await second;
    stage.progress.close();
    expect(stage.text.endsWith('\r\u001b[2K')).to.equal(true);
    expect(stage.progress.steps.map((step) => step.title)).to.deep.equal(['first', 'second']);
  });

  it('never draws a live line wider than the terminal', async () => {
    const stage = new Stage(true);
    const gate = Promise.withResolvers<undefined>();
    const step = stage.progress.step('x'.repeat(500), () => gate.promise);
    stage.pass(120);
    expect(stage.text.replaceAll('\r\u001b[2K', '').length).to.be.below(60);
    gate.resolve(undefined);
    await step;
  });
});

describe('progress texts', () => {
  it('reads as a clock', () => {
    expect([0, 7_900, 760_000, 3_723_000].map(clock)).to.deep.equal(['0:00', '0:07', '12:40', '1:02:03']);
  });

  it('cannot steer the terminal', () => {
    expect(plainText('a\u001b[31mb\r\nc\u0007')).to.equal('a [31mb c');
  });
});
