import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import { nearestRank } from '../measure/statistics.ts';
import type { Agent, Probe, ProbeResult } from '../probe/types.ts';
import type { CheckContext } from './check-context.ts';
import { describePower, hold, holdLooks, judgeHold, type Look } from './hold.ts';
import { describeProbe } from './probes.ts';

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

/** Answers in milliseconds, by path and by control. */
type Latencies = Map<string, number[]>;

/**
 * Waits until all paths answer as they should, then looks at them `looks` times in a steady rhythm: none may relapse
 * twice, and none may be slow against the loopback of the agent that asks, measured in the same looks.
 * @throws AssertionError naming the paths; InconclusiveError where agents did not reach even themselves.
 */
export async function holdPaths(ctx: CheckContext, options: PathHold): Promise<void> {
  const { what, paths, looks = holdLooks, everyMs } = options;
  expect(paths, 'paths to hold').to.have.lengthOf.above(0);
  ctx.parameter('detection power', describePower(looks));
  await ctx.settle(what, async () => firstWrong(await lookAt(options, new Map())));
  const latencies: Latencies = new Map();
  const look = () => lookAt(options, latencies);
  const held = await ctx.step(`${what}: held for ${looks} looks`, () =>
    hold({ looks, everyMs, look, signal: ctx.signal }),
  );
  const verdict = judgeHold(held);
  const relapses = [...held.relapses.values()].reduce((sum, seen) => sum + seen.length, 0);
  ctx.measure('hold_relapses', relapses, 'count', { paths: String(paths.length), looks: String(looks) });
  if (verdict.outcome === 'relapsed') expect.fail(`${what}, but not for long: ${shortList(verdict.cells)}`);
  if (verdict.outcome === 'starved') throw starved(verdict.cells);
  refuseSlow(ctx, options, latencies);
}

async function lookAt({ paths, control }: PathHold, latencies: Latencies): Promise<Look> {
  const look = { wrong: new Map<string, string>(), excused: new Set<string>() };
  const rows = Map.groupBy(paths, ({ from }) => from);
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
  const controls = new Map(row.map((path) => [controlKey(path), control(path)]));
  const results = await from.probe([...controls.values(), ...row.map(({ probe }) => probe)]);
  const own = new Map([...controls.keys()].map((key, index) => [key, results[index]]));
  for (const [key, result] of own) if (result?.verdict === 'open') note(notes.latencies, key, result);
  for (const [index, path] of row.entries())
    judge(path, results[controls.size + index], own.get(controlKey(path)), notes);
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
  else if (result !== undefined) note(latencies, key, result);
}

function note(latencies: Latencies, key: string, { elapsedUs }: ProbeResult): void {
  const known = latencies.get(key);
  if (known === undefined) latencies.set(key, [elapsedUs / 1000]);
  else known.push(elapsedUs / 1000);
}

/** An agent's loopback by the kind of probe. */
const controlKey = ({ from, probe }: HeldPath) => `${from.name} itself, ${probe.kind}`;
const keyOf = ({ from, probe }: HeldPath) => `${from.name} on ${from.node} -> ${describeProbe(probe)}`;

function firstWrong({ wrong, excused }: Look): string | undefined {
  const [first] = wrong;
  if (first !== undefined) return `${wrong.size} paths differ, first: ${first.join(': ')}`;
  const [blind] = excused;
  return blind === undefined ? undefined : `${blind}: its agent does not reach itself`;
}

function refuseSlow(ctx: CheckContext, { what, paths, slowMs }: PathHold, latencies: Latencies): void {
  const medians = paths.map((path) => {
    const [answer, own] = [keyOf(path), controlKey(path)].map((key) => nearestRank(latencies.get(key) ?? [], 0.5) ?? 0);
    return { path, answer: answer ?? 0, own: own ?? 0 };
  });
  const extra = medians.map(({ answer, own }) => answer - own);
  ctx.measure('path_delay', nearestRank(extra, 0.5) ?? 0, 'ms', { of: 'median path' });
  ctx.measure('path_delay', Math.max(...extra), 'ms', { of: 'slowest path' });
  const slow = medians.filter(({ answer, own }) => answer - own > slowMs);
  const told = slow.map(({ path, answer, own }) => {
    return `${keyOf(path)}: slow, median ${answer.toFixed(1)} ms, ${own.toFixed(1)} ms on its own loopback`;
  });
  const blind = slow.find(({ own }) => own > slowMs);
  if (blind !== undefined) throw starved([keyOf(blind.path)]);
  if (told.length > 0) expect.fail(`${what}, but over ${slowMs} ms later than loopback: ${shortList(told)}`);
}

const shown = 5;
const shortList = (lines: readonly string[]) =>
  `${lines.length} path(s): ${lines.slice(0, shown).join('; ')}${lines.length > shown ? '; ...' : ''}`;

function starved(cells: readonly string[]): InconclusiveError {
  return new InconclusiveError(`agents did not reach their own loopback: ${shortList(cells)}`, {
    remedy: 'The machine is too busy for this measurement; run it with less beside it.',
  });
}
