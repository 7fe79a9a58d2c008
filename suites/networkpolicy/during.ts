import { feature } from '../../harness/case/define-case.ts';
import type { RunFixture } from '../../harness/case/fixture.ts';
import type { AreaTable, CellState, Lane, SeenCell } from '../../harness/during/types.ts';
import { SkipError } from '../../harness/base/errors.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { freshProbe } from '../../harness/netpol/fresh-probe.ts';
import { buildGrid } from '../../harness/netpol/grid.ts';
import { wholeGridCells } from '../../harness/netpol/grid-layout.ts';
import { GridState, type TrackedPod } from '../../harness/netpol/state.ts';
import { type MeasuredCell, PolicyTable } from '../../harness/netpol/table.ts';
import { rowOf } from '../../harness/netpol/table-row.ts';
import { fulfils } from '../../harness/table/fulfils.ts';
import { policyRights, serviceRights } from '../../harness/workload/rights.ts';
import { guardedAndConfined } from './support/guarded-and-confined.ts';

/** A grid under policies that stay for the whole run: none is renewed while a fault holds. */
const guardedGrid: RunFixture<GridState | undefined> = {
  name: 'guarded grid',
  scope: 'run',
  touches: 'own',
  rights: [serviceRights, policyRights],
  pods: () => wholeGridCells.length,
  async open(run) {
    if (run.cluster.info.features.get('NetworkPolicy')?.observed !== true) return { value: undefined };
    const { value: grid } = await buildGrid(run, wholeGridCells, run.cluster.info.nodes);
    const state = new GridState(grid);
    for (const template of guardedAndConfined) {
      const policy = state.render(template);
      await run.apply({ ...policy });
      state.policies.set(`${template.namespace}/${template.name}`, policy);
    }
    return { value: state };
  },
};

export const duringTable: AreaTable = {
  area: 'networkpolicy',
  claim: 'what policies deny never gets through, and what they admit does where the fault lets it',
  needs: [feature('NetworkPolicy')],
  uses: [guardedGrid],
  rights: [],
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  open(ctx) {
    const state = ctx.use(guardedGrid);
    if (state === undefined) throw new SkipError('needs NetworkPolicy; found: no grid under policies');
    const table = new PolicyTable(state);
    const verdicts = table.verdicts();
    const laneOf = (from: string, to: string): Lane => laneBetween(podOf(state, from), podOf(state, to), verdicts);
    return Promise.resolve({
      victim: podOf(state, 'y/a').agent,
      lanes: [
        laneOf('y/b', 'x/a'),
        laneOf('z/b', 'y/a'),
        laneOf('z/a', 'x/a'),
        laneOf('x/b', 'y/a'),
        laneOf('z/a', 'x/b'),
      ],
      look: () => look(ctx, state, table, verdicts),
    });
  },
};

function podOf({ pods }: GridState, key: string): TrackedPod {
  const found = pods.find(({ namespaceKey, name }) => `${namespaceKey}/${name}` === key);
  if (found === undefined) throw new TypeError(`the grid has no pod ${key}`);
  return found;
}

const port = 80;

function laneBetween(from: TrackedPod, to: TrackedPod, verdicts: ReadonlyMap<string, string>): Lane {
  const key = `${from.namespaceKey}/${from.name} ${to.namespaceKey}/${to.name} TCP ${port}`;
  return {
    ...{ from: from.agent, probe: freshProbe(to.agent.ip, port, 'TCP', 1_000), ends: [from.agent, to.agent] },
    ...{ denied: verdicts.get(key) !== 'open', servers: [to.agent], ownPort: port },
  };
}

/** What is denied is given as long as it takes to be sure, what is admitted as long as a machine may be slow. */
async function look(
  { timeouts }: CaseContext,
  state: GridState,
  table: PolicyTable,
  verdicts: ReadonlyMap<string, string>,
): Promise<SeenCell[]> {
  const keysOf = (verdict: string) => new Set([...verdicts].flatMap(([key, one]) => (one === verdict ? [key] : [])));
  const [denied, admitted] = await Promise.all([
    table.measure(timeouts.connectMs, keysOf('dropped')),
    table.measure(timeouts.holdProbeMs, keysOf('open'), freshProbe),
  ]);
  return [...denied, ...admitted].map((cell) => cellOf(state, cell));
}

function cellOf(state: GridState, cell: MeasuredCell): SeenCell {
  const from = podOf(state, cell.from).agent;
  const to = podOf(state, cell.to.replace(/^svc /, '')).agent;
  const probe = freshProbe(to.ip, cell.port, cell.protocol, 1_000);
  return { key: cell.key, state: stateOf(cell), row: rowOf(cell), from, probe, ends: [from, to] };
}

function stateOf({ expected, measured }: MeasuredCell): CellState {
  if (measured.verdict === 'inconclusive') return 'unknown';
  if (fulfils(expected, measured.verdict)) return 'as-wanted';
  return measured.verdict === 'open' ? 'leak' : 'lost';
}
