import { expect } from 'chai';
import { outcomeOf } from '../case/outcome.ts';
import { ExplainedFailureError, UnexplainedFailureError, OrdealError } from '../base/errors.ts';
import { podRef } from '../oracle/all-pairs.ts';
import { gridModel } from '../oracle/grid-model.test-support.ts';
import { truthTable } from '../oracle/judge.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import type { Verdict } from '../probe/types.ts';
import { Timeouts } from '../base/timeouts.ts';
import { classifyFailure, lastTable, unexplainedCells } from './unexplained-failure.ts';
import type { MeasuredCell } from './table.ts';

const spec: NetworkPolicy['spec'] = {
  podSelector: { matchLabels: { pod: 'a' } },
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.2.11/32'] } }] }],
};
const metadata = { name: 'p', namespace: 'x' };
const policy: NetworkPolicy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
const grid = gridModel({ networkPolicies: [policy] });
const state = { world: () => grid };
const cilium = {
  knownFailure: true,
  deviations: ['ipblock-selects-no-pods', 'ipblock-admits-own-namespace'] as const,
};

/** A cell to `x/a`, whose policy admits all but `x/b` by address. */
function cell(from: string, verdict: Verdict): MeasuredCell {
  const attempt = { from: podRef(from), to: podRef('x/a'), port: 80, protocol: 'TCP' } as const;
  const [expected] = truthTable(grid, [attempt]).cells;
  if (expected === undefined) throw new Error('not judged');
  return {
    key: from,
    from,
    to: 'x/a',
    route: 'pod',
    port: 80,
    protocol: 'TCP',
    expected,
    measured: { verdict, elapsedUs: 0 },
  };
}

const known = [cell('y/b', 'dropped'), cell('x/b', 'open'), cell('x/c', 'open')];
const unsettled = new OrdealError('NOT_SETTLED', 'table did not settle\ntrail:\n0-1000 ms, 5x: 2 cells differ');

/** Looks that show one table after the other, and the last from then on. */
function looks(...tables: MeasuredCell[][]) {
  let asked = 0;
  const unsettledTable = () => Promise.resolve(tables[Math.min(asked++, tables.length - 1)] ?? []);
  const step = <T>(_title: string, work: () => Promise<T>) => work();
  const timeouts = { ...Timeouts.parse({}), unexplainedFailureMs: 50, settlePollMs: 5 };
  const ctx = { ...cilium, step, timeouts, signal: new AbortController().signal };
  const last = () => lastTable(ctx, state, { unsettled: unsettledTable });
  return { seen: () => asked, last, table: async () => (await last()).cells };
}

const unexplainedOf = async (one: ReturnType<typeof looks>) => (await one.last()).unexplained;

describe('a failure the baseline knows', () => {
  it('is known where each cell against the specification is as the CNI reads the policy', () => {
    expect(unexplainedCells(cilium, state, known)).to.eql([]);
    expect(unexplainedCells(cilium, state, [...known, cell('z/c', 'open')])).to.eql([]);
  });

  it('is new with what that does not explain, as where nothing is enforced any more', () => {
    const others = gridModel({ networkPolicies: [{ ...policy, metadata: { ...metadata, namespace: 'y' } }] });
    expect(unexplainedCells(cilium, { world: () => others }, known).map(({ key }) => key)).to.eql(['y/b']);
    const noOwn = { ...cilium, deviations: ['ipblock-selects-no-pods'] as const };
    expect(unexplainedCells(noOwn, state, known).map(({ key }) => key)).to.eql(['x/b']);
    expect(unexplainedCells(cilium, state, [cell('y/b', 'malformed')]).map(({ key }) => key)).to.eql(['y/b']);
  });

  it('leaves nothing unexplained of probes that broke, in other cases, and where no reading is known', () => {
    expect(unexplainedCells(cilium, state, [cell('y/b', 'inconclusive')])).to.eql([]);
    const refused = [cell('y/b', 'malformed')];
    expect(unexplainedCells({ ...cilium, knownFailure: false }, state, refused)).to.eql([]);
    expect(unexplainedCells({ ...cilium, deviations: [] }, state, refused)).to.eql([]);
  });

  it('is looked at again only while it shows what is not known', async () => {
    const [once, late, never] = [
      looks(known),
      looks([cell('y/b', 'malformed')], known),
      looks([cell('y/b', 'malformed')]),
    ];
    expect(await once.table()).to.eql(known);
    expect(once.seen()).to.equal(1);
    expect(await late.table()).to.eql(known);
    expect((await never.table()).map(({ measured }) => measured.verdict)).to.eql(['malformed']);
  });

  it('is not forgiven a relapse: what was once as known and then is not stays unexplained', async () => {
    const flapping = [cell('y/b', 'malformed'), known[1] ?? cell('x/b', 'open')];
    const tables = [flapping, known, flapping, known];
    expect((await unexplainedOf(looks(...tables))).map(({ key }) => key)).to.eql(['y/b']);
    expect(await unexplainedOf(looks(flapping, known))).to.eql([]);
  });

  it('is told as explained only where a table shows it, and in cases whose failure is known', () => {
    const classify = (ctx: Parameters<typeof classifyFailure>[0], cells: MeasuredCell[]) => () =>
      classifyFailure(ctx, { cells, unexplained: [] }, unsettled);
    expect(classify(cilium, known)).to.throw(ExplainedFailureError);
    expect(classify(cilium, [])).not.to.throw();
    expect(classify(cilium, [cell('y/b', 'open')])).not.to.throw();
    expect(classify({ ...cilium, knownFailure: false }, known)).not.to.throw();
    expect(outcomeOf(new ExplainedFailureError('as known'))).to.include({ outcome: 'failed', explained: true });
  });

  it('counts in full when new, and tells the unexplained cells before the rest', () => {
    const tell =
      (unexplained: MeasuredCell[], cause: unknown = unsettled) =>
      () =>
        classifyFailure(cilium, { cells: known, unexplained }, cause);
    expect(tell([])).to.throw(ExplainedFailureError);
    expect(tell(known, new OrdealError('KUBE_API', 'connection refused'))).not.to.throw();
    expect(tell([cell('y/b', 'malformed')])).to.throw(
      UnexplainedFailureError,
      /^not as the baseline knows it, 1 cells differ: y\/b/,
    );
    expect(outcomeOf(new UnexplainedFailureError('not as known'))).to.include({ outcome: 'failed', unexplained: true });
    expect(outcomeOf(unsettled)).not.to.have.property('unexplained');
  });
});
