import { expect } from 'chai';
import { nearestRank } from '../measure/statistics.ts';
import type { Agent, Probe, ProbeResult } from '../probe/types.ts';
import type { CheckContext } from './check-context.ts';
import { confirmed, holdAndConfirm } from './confirm-hold.ts';
import { describePower, holdLooks, type Look } from './hold.ts';
import { describeProbe } from './probes.ts';
import { shortList } from './assertions.ts';
import { requireHeld, starved } from './require-held.ts';

/** One path that must go on answering: who asks what, and what is wrong with an answer, in words. */
export interface HeldPath {
  readonly from: Agent;
  readonly probe: Probe;
  /** Returns undefined for the wanted answer. */
  readonly differs: (result: ProbeResult) => string | undefined;
}

export interface PathHold {
  readonly what: string;
  readonly paths: readonly HeldPath[];
  /**
   * A probe of an agent's own loopback, like that of a path, asked in every look beside it: what the agent does not see
   * there either says nothing of the network, and how long that takes is its own time.
   */
  readonly control: (path: HeldPath) => Probe;
  readonly everyMs: number;
  /** A path whose median answer takes this much longer than the agent's own loopback is slow. */
  readonly slowMs: number;
  readonly looks?: number;
}

/** How long each answer of a path took, and the control beside it. */
type Latencies = Map<string, { readonly answerMs: number; readonly ownMs: number }[]>;

/**
 * Waits until all paths answer as they should, then looks at them `looks` times in a steady rhythm: none may relapse
 * twice (and again in a second hold), and none may be slow against the loopback of the agent that asks, measured in the same looks.
 * @throws AssertionError naming the paths; InconclusiveError where agents did not reach even themselves.
 */
export async function holdPaths(ctx: CheckContext, options: PathHold): Promise<void> {
  const { what, paths, looks = holdLooks, everyMs } = options;
  expect(paths, 'paths to hold').to.have.lengthOf.above(0);
  ctx.parameter('detection power', describePower(looks));
  await ctx.settle(what, async () => firstWrong(await lookAt(options, new Map())));
  const latencies: Latencies = new Map();
  const look = (only?: ReadonlySet<string>) => lookAt(options, latencies, only);
  const seen = await ctx.step(`${what}: held for ${looks} looks`, () =>
    holdAndConfirm({ looks, everyMs, look, signal: ctx.signal }),
  );
  const { held, lapsed } = confirmed(seen);
  if (lapsed.length > 0) ctx.attach('relapses that a second hold did not confirm', lapsed.join('\n'));
  const relapses = [...seen.first.relapses.values()].reduce((sum, seen) => sum + seen.length, 0);
  ctx.measure('hold_relapses', relapses, 'count', { paths: String(paths.length), looks: String(looks) });
  requireHeld(what, 'path(s)', held);
  refuseSlow(ctx, options, latencies);
}

async function lookAt({ paths, control }: PathHold, latencies: Latencies, only?: ReadonlySet<string>): Promise<Look> {
  const look = { wrong: new Map<string, string>(), excused: new Set<string>() };
  const asked = only === undefined ? paths : paths.filter((path) => only.has(keyOf(path)));
  const rows = Map.groupBy(asked, ({ from }) => from);
  await Promise.all([...rows].map(([from, row]) => lookFrom(from, row, control, { ...look, latencies })));
  return look;
}

interface Notes {
  readonly wrong: Map<string, string>;
  readonly excused: Set<string>;
  readonly latencies: Latencies;
}

/** One round trip: every path of the row, and each kind of control once. */
async function lookFrom(
  from: Agent,
  row: readonly HeldPath[],
  control: PathHold['control'],
  notes: Notes,
): Promise<void> {
  const controls = new Map(row.map((path) => [path.probe.kind, control(path)]));
  const results = await from.probe([...controls.values(), ...row.map(({ probe }) => probe)]);
  const own = new Map([...controls.keys()].map((kind, index) => [kind, results[index]]));
  for (const [index, path] of row.entries())
    judge(path, results[controls.size + index], own.get(path.probe.kind), notes);
}

function judge(
  path: HeldPath,
  result: ProbeResult | undefined,
  own: ProbeResult | undefined,
  { wrong, excused, latencies }: Notes,
): void {
  const key = keyOf(path);
  if (result === undefined || result.verdict === 'inconclusive' || own?.verdict !== 'open') excused.add(key);
  const difference = result === undefined ? 'no result' : path.differs(result);
  if (difference !== undefined) wrong.set(key, `${result?.verdict ?? 'nothing'} ${result?.error ?? ''}; ${difference}`);
  else if (result !== undefined && own !== undefined) note(latencies, key, result, own);
}

function note(latencies: Latencies, key: string, answer: ProbeResult, own: ProbeResult): void {
  const known = latencies.get(key) ?? [];
  known.push({ answerMs: answer.elapsedUs / 1000, ownMs: own.elapsedUs / 1000 });
  latencies.set(key, known);
}

const keyOf = ({ from, probe }: HeldPath) => `${from.name} on ${from.node} -> ${describeProbe(probe)}`;

function firstWrong({ wrong, excused }: Look): string | undefined {
  const [first] = wrong;
  if (first !== undefined) return `${wrong.size} paths differ, first: ${first.join(': ')}`;
  const [blind] = excused;
  return blind === undefined ? undefined : `${blind}: its agent does not reach itself`;
}

interface CalmPath {
  readonly key: string;
  readonly kind: string;
  readonly looks: number;
  /** Median, beyond the own loopback. */
  readonly extraMs: number;
}

/**
 * Of looks in which the agent itself was quick, or a busy machine would pass for a slow path. The quicker quarter of all
 * paths of a transport tells what servers here take: a path is slow by `slowMs` and three times that.
 */
function refuseSlow(ctx: CheckContext, { what, paths, slowMs }: PathHold, latencies: Latencies): void {
  const calm = paths.map((path): CalmPath => {
    const answers = (latencies.get(keyOf(path)) ?? []).filter(({ ownMs }) => ownMs <= slowMs / 2);
    const extra = answers.map(({ answerMs, ownMs }) => answerMs - ownMs);
    return { key: keyOf(path), kind: path.probe.kind, looks: extra.length, extraMs: nearestRank(extra, 0.5) ?? 0 };
  });
  const told = [...Map.groupBy(calm, ({ kind }) => kind)].flatMap(([kind, group]) => {
    const delays = group.map(({ extraMs }) => extraMs);
    const limitMs = slowMs + busyFactor * Math.max(0, nearestRank(delays, 0.25) ?? 0);
    const facts = { kind, limit: `${limitMs.toFixed(1)} ms` };
    ctx.measure('path_delay', nearestRank(delays, 0.5) ?? 0, 'ms', { of: 'median path', ...facts });
    ctx.measure('path_delay', Math.max(...delays), 'ms', { of: 'slowest path', ...facts });
    const slow = group.filter(({ extraMs, looks }) => extraMs > limitMs && looks >= fewestCalmLooks);
    const late = (ms: number) =>
      `slow, median ${ms.toFixed(1)} ms later than own loopback (limit ${limitMs.toFixed(1)})`;
    return slow.map(({ key, extraMs }) => `${key}: ${late(extraMs)}`);
  });
  const blind = calm.filter(({ looks }) => looks < fewestCalmLooks).map(({ key, looks }) => `${key}: ${looks} looks`);
  if (told.length > 0) expect.fail(`${what}, but too late: ${shortList(told, 'path(s)')}`);
  if (blind.length > 0) throw starved(blind, 'path(s)');
}

const busyFactor = 3;

/** Fewer looks in which the agent's own loopback was quick say nothing of how long a path takes. */
const fewestCalmLooks = 10;
