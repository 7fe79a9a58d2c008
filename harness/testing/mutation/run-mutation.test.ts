import { expect } from 'chai';
import type { CaseOutcome } from './judge.ts';
import { runMutation, UndoError, type Trial } from './run-mutation.ts';
import type { Change, Mutation } from './types.ts';

const caseIds = ['dns-a', 'dns-b', 'connectivity-self'];
const mutation: Mutation = {
  ...{ name: 'broken-dns', area: 'dns', defect: 'DNS is broken', kind: ['NXDOMAIN'] },
  plan: () => [],
  mustFail: ['dns-*'],
  mustNotFail: ['connectivity-self'],
};
const failing: CaseOutcome = { id: 'dns-a', status: 'failed', reason: 'got nxdomain' };

/** A cluster that notes what is done to it; `left` are changes that an undo does not take away. */
class FakeCluster {
  readonly done: string[] = [];
  readonly applied = new Set<string>();
  readonly options: { throwing?: string; left?: string; undoThrows?: string; after?: readonly CaseOutcome[] };

  constructor(options: FakeCluster['options'] = {}) {
    this.options = options;
  }

  change(title: string): Change {
    const { throwing, left, undoThrows } = this.options;
    return {
      title,
      apply: () => this.act(`apply ${title}`, () => this.applied.add(title), title === throwing),
      undo: () => this.act(`undo ${title}`, () => title !== left && this.applied.delete(title), title === undoThrows),
      isGone: () => Promise.resolve(!this.applied.has(title)),
    };
  }

  trial(cases: readonly CaseOutcome[] | Error, verify = false): Trial {
    return {
      ...{ caseIds, verify, words: ({ kind }) => kind },
      plan: () => Promise.resolve(['one', 'two', 'three'].map((title) => this.change(title))),
      run: (what, include) => {
        this.done.push(`run ${what} ${include.join(' ')}`);
        const isAfter = what.endsWith('-undone');
        if (cases instanceof Error) return Promise.reject(cases);
        return Promise.resolve({ cases: isAfter ? (this.options.after ?? []) : cases });
      },
    };
  }

  private act(what: string, work: () => unknown, throws: boolean): Promise<void> {
    this.done.push(what);
    work();
    return throws ? Promise.reject(new Error(`${what} failed`)) : Promise.resolve();
  }
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('runMutation', () => {
  it('undoes in reverse after the cases ran, and asks only for cases that matter', async () => {
    const cluster = new FakeCluster();
    const result = await runMutation(mutation, cluster.trial([failing]));
    expect(cluster.done).to.deep.equal([
      ...['apply one', 'apply two', 'apply three'],
      'run broken-dns dns-a dns-b connectivity-self',
      ...['undo three', 'undo two', 'undo one'],
    ]);
    expect(result).to.deep.include({ name: 'broken-dns', outcome: 'judged' });
  });

  it('undoes what was begun, the change that threw included, when a change cannot be applied', async () => {
    const cluster = new FakeCluster({ throwing: 'two' });
    const result = await runMutation(mutation, cluster.trial([failing]));
    expect(cluster.done).to.deep.equal(['apply one', 'apply two', 'undo two', 'undo one']);
    expect(cluster.applied).to.have.property('size', 0);
    expect(result).to.include({ outcome: 'broken' }).and.have.property('why').that.includes('apply two failed');
  });

  it('undoes when the run is interrupted, and says so', async () => {
    const cluster = new FakeCluster();
    const interrupt = new Error('interrupted');
    expect(await thrownBy(runMutation(mutation, cluster.trial(interrupt)))).to.equal(interrupt);
    expect(cluster.applied).to.have.property('size', 0);
  });

  it('tries every undo, and stops the suite when one fails or leaves something', async () => {
    for (const options of [{ undoThrows: 'two' }, { left: 'two' }]) {
      const cluster = new FakeCluster(options);
      const error = await thrownBy(runMutation(mutation, cluster.trial([failing])));
      expect(error).to.be.instanceOf(UndoError).with.property('message').that.includes('broken-dns');
      expect(cluster.done.filter((one) => one.startsWith('undo'))).to.deep.equal([
        'undo three',
        'undo two',
        'undo one',
      ]);
    }
  });

  it('runs again what failed, and stops the suite when it still fails', async () => {
    const good = new FakeCluster({ after: [{ ...failing, status: 'passed' }] });
    await runMutation(mutation, good.trial([failing], true));
    expect(good.done.at(-1)).to.equal('run broken-dns-undone dns-a');
    const bad = new FakeCluster({ after: [failing] });
    const error = await thrownBy(runMutation(mutation, bad.trial([failing], true)));
    expect(error).to.be.instanceOf(UndoError).with.property('message').that.includes('got nxdomain');
  });

  it('looks at a case that had to fail where none did', async () => {
    const cluster = new FakeCluster();
    await runMutation(mutation, cluster.trial([], true));
    expect(cluster.done.at(-1)).to.equal('run broken-dns-undone dns-a');
  });
});
