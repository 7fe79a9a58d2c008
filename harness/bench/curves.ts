import type { MetricDeclaration } from '../events/metric-declaration.ts';
import type { Feature } from '../../clusters/names.ts';
import { closedLoop } from './closed-loop.ts';
import type { Bed } from './bed.ts';
import { bulkObjects, type BulkKind, createAll, removeAll, sliceOf, untilRunning } from './bulk.ts';
import type { BenchMetric, Reading } from './metric.ts';
import { endpointChanges } from './metrics/endpoint.ts';
import { policyChanges } from './metrics/policy.ts';
import { crrLoop, tcpCrr } from './metrics/tcp-crr.ts';
import { timeNewPod } from './new-pod.ts';
import type { PathName } from './paths.ts';
import { agentMemoryBytes, nodeAgents } from './processor-time.ts';
import type { Profile } from './profile.ts';
import type { VisitContext } from './visit-context.ts';

/** How often each network climbs all levels: as often as an interval takes. */
export const curveRounds = 3;

/** What there is more and more of, and what that may cost. */
interface Dimension {
  readonly name: 'Services' | 'endpoints' | 'policies' | 'pods a node';
  readonly levels: readonly number[];
  readonly needs?: Feature;
  /** New connections on this path are counted. */
  readonly path: PathName;
  /** What is timed at each level, in words. */
  readonly change: string;
  /** Goes from one level to the next. */
  climb(bed: Bed, from: number, to: number, ctx: VisitContext): Promise<void>;
  /** Returns what makes one change more and says how many ms it took. */
  timer(bed: Bed, ctx: VisitContext): Promise<() => Promise<number>>;
}

const longest = (readings: readonly Reading[]): number =>
  Math.max(...readings.map((reading) => ('value' in reading ? reading.value : 0)));

/** Adds an endpoint and takes it away again; the slower node counts. */
async function endpointTimer(bed: Bed, ctx: VisitContext) {
  const change = await endpointChanges(bed, ctx);
  return async () => {
    const ms = longest(await change('open'));
    await change('closed');
    return ms;
  };
}

async function policyTimer(bed: Bed, ctx: VisitContext) {
  const change = await policyChanges(bed, ctx);
  return async () => {
    const ms = await change('closed');
    await change('open');
    return ms;
  };
}

function podTimer(bed: Bed, ctx: VisitContext) {
  let made = 0;
  return Promise.resolve(async () => (await timeNewPod(bed, `timed-${made++}`, ctx)).sinceCreatedMs);
}

const bulk =
  (kind: BulkKind) =>
  async (bed: Bed, from: number, to: number, ctx: VisitContext): Promise<void> => {
    const objects = bulkObjects(bed, kind, from, to);
    ctx.defer(`remove ${kind} ${from} to ${to}`, () => removeAll(bed, objects));
    await createAll(bed, objects);
    await untilRunning(bed, objects, ctx.timeouts.workloadReadyMs);
  };

const crowd = 'crowd';

/** Of one Service: addresses that nobody has, in a range for documents (RFC 5737), which nobody asks. */
async function moreEndpoints(bed: Bed, from: number, to: number, ctx: VisitContext): Promise<void> {
  const addresses = Array.from({ length: to }, (_, index) => `198.51.100.${index + 1}`);
  const [service] = bulkObjects(bed, 'Service', 0, 1);
  if (service === undefined) return;
  const named = { ...service, metadata: { ...service.metadata, name: crowd } };
  const slice = sliceOf(bed, crowd, addresses);
  if (from === 0) ctx.defer(`remove Service ${crowd}`, () => removeAll(bed, [named, slice]));
  await bed.cluster.kube.apply(named);
  await bed.cluster.kube.apply(slice);
}

const dimensions: readonly Dimension[] = [
  {
    name: 'Services',
    levels: [10, 100, 1_000],
    path: 'ClusterIP',
    change: 'an endpoint added to one Service more',
    climb: bulk('Service'),
    timer: endpointTimer,
  },
  {
    name: 'endpoints',
    levels: [1, 10, 100],
    path: 'ClusterIP',
    change: 'an endpoint added to another Service',
    climb: moreEndpoints,
    timer: endpointTimer,
  },
  {
    name: 'policies',
    levels: [1, 10, 100, 1_000],
    needs: 'NetworkPolicy',
    path: 'pod other node',
    change: 'one policy more that closes the pod which all of them select',
    climb: bulk('NetworkPolicy'),
    timer: policyTimer,
  },
  {
    name: 'pods a node',
    levels: [10, 50],
    path: 'pod other node',
    change: 'one pod more gets its first answer',
    climb: bulk('Pod'),
    timer: podTimer,
  },
];

const by = ['dimension', 'level'] as const;

function curveOf(dimension: Dimension): BenchMetric {
  const prefix = `curve.${dimension.name.toLowerCase().replaceAll(' ', '_')}`;
  const programmed: MetricDeclaration = {
    ...{ name: `${prefix}_change`, title: 'time of a change', unit: 'ms', better: 'lower', by },
    load: `${dimension.change}, from the API server’s answer on`,
  };
  const memory: MetricDeclaration = {
    ...{ name: `${prefix}_agent_memory`, title: 'memory of the CNI’s node agents', unit: 'bytes', better: 'lower', by },
    load: 'proportional set size of the processes of the CNI’s agent, a node',
  };
  return {
    ...{
      name: `${prefix}_crr`,
      title: `${tcpCrr.title} (${dimension.path})`,
      unit: 'per_second',
      better: 'higher',
      by,
    },
    load: tcpCrr.load,
    needs: dimension.needs,
    also: [programmed, memory],
    measure: (bed, profile, ctx) => climbed(dimension, { bed, profile, ctx }, [programmed.name, memory.name]),
  };
}

interface Climb {
  readonly bed: Bed;
  readonly profile: Profile;
  readonly ctx: VisitContext;
}

async function climbed(
  dimension: Dimension,
  { bed, profile, ctx }: Climb,
  [change, memory]: readonly [string, string],
): Promise<Reading[]> {
  const timed = await dimension.timer(bed, ctx);
  const readings: Reading[] = [];
  let from = 0;
  for (const level of dimension.levels) {
    await ctx.step(`${level} ${dimension.name}`, () => dimension.climb(bed, from, level, ctx));
    from = level;
    const labels = { dimension: dimension.name, level: String(level) };
    // The first change waits until all that came before it is in force.
    await timed();
    readings.push({ labels, value: await timed(), of: change });
    const [rate] = await closedLoop(bed, profile, { ...crrLoop(ctx.timeouts), paths: [dimension.path] });
    if (rate !== undefined) readings.push({ ...rate, labels });
    for (const value of await memoryOf(bed)) readings.push({ labels, value, of: memory });
  }
  return readings;
}

async function memoryOf({ cluster, nodes }: Bed): Promise<number[]> {
  if (cluster.nodeExec === undefined) return [];
  const agents = nodeAgents(cluster);
  return Promise.all(nodes.map((node) => agentMemoryBytes(agents, node)));
}

/** A cost curve each. */
export const curveMetrics: readonly BenchMetric[] = dimensions.map(curveOf);
