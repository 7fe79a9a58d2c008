import type { Agent } from '../probe/agent-types.ts';
import { expect } from 'chai';
import type { Probe, ProbeResult } from '../probe/types.ts';
import type { CheckContext } from './check-context.ts';
import { holdForCase } from './confirm-hold.ts';
import { describePower, hold, holdLooks, type Look } from './hold.ts';
import { tellLate } from './late-answers.ts';
import { type DelayedPath, type JudgedDelays, PathDelays, type SlowPath } from './path-delay.ts';
import { answerText } from './dns-queries.ts';
import { describeProbe } from './probes.ts';
import { measuredText } from './seen-row.ts';
import { shortList } from './assertions.ts';
import { requireHeld, starved } from './require-held.ts';
import { StalledAgents } from './stalled-agents.ts';

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
  /** Agents that answer, beside those that ask: what they do not answer while they do not run says nothing either. */
  readonly servers?: readonly Agent[];
  readonly everyMs: number;
  /** A path that takes this much longer than the agent's own loopback is slow, as `PathDelays.judge` has it. */
  readonly slowMs: number;
  readonly looks?: number;
  /** Told of every wanted answer of the hold. */
  readonly answered?: (path: HeldPath, result: ProbeResult) => void;
}

/** What becomes of each wanted answer. `own`: that of the loopback in the same look. */
type Note = (path: HeldPath, answer: ProbeResult, own: ProbeResult) => void;

/**
 * Waits until all paths answer as they should, then looks at them `looks` times in a steady rhythm: none may relapse
 * twice (and again in a second hold), and none may be slow against the loopback of the agent that asks, measured in the
 * same looks.
 * @throws AssertionError naming the paths; InconclusiveError where agents did not reach even themselves.
 */
export async function holdPaths(ctx: CheckContext, options: PathHold): Promise<void> {
  const { what, paths, looks = holdLooks, everyMs, answered } = options;
  expect(paths, 'paths to hold').to.have.lengthOf.above(0);
  ctx.parameter('detection power', describePower(looks));
  await ctx
    .settle(what, async () => firstWrong(await lookAt(options, () => undefined)))
    .catch(async (error: unknown) => {
      throw await tellLate(error, paths, ctx.timeouts.transferMs);
    });
  const delays = new PathDelays();
  const note: Note = (path, answer, own) => {
    delays.note(endsOf(path), answer, own);
    answered?.(path, answer);
  };
  const { held } = await holdForCase(ctx, {
    title: `${what}: held for ${looks} looks`,
    labels: { paths: String(paths.length), looks: String(looks) },
    ...{ looks, everyMs, look: (only) => lookAt(options, note, only) },
  });
  requireHeld(what, 'path(s)', held);
  refuseSlow(ctx, options, await confirmedDelays(ctx, options, delays));
}

/** Where paths were slow, all are looked at as often once more: a moment in which the machine was short of time does not come again. */
async function confirmedDelays(ctx: CheckContext, options: PathHold, first: PathDelays): Promise<JudgedDelays> {
  const { what, looks = holdLooks, everyMs, slowMs } = options;
  const judged = first.judge(slowMs);
  if (judged.slow.length === 0) return judged;
  const second = new PathDelays();
  const look = () => lookAt(options, (path, answer, own) => second.note(endsOf(path), answer, own));
  await ctx.step(`${what}: paths that were slow looked at again`, () =>
    hold({ looks, everyMs, look, signal: ctx.signal }),
  );
  const again = second.judge(slowMs);
  const wasSlow = new Set(judged.slow.map(({ key }) => key));
  const twice = (paths: readonly SlowPath[]) => paths.filter(({ key }) => wasSlow.has(key));
  return { ...again, slow: twice(again.slow), toBlame: twice(again.toBlame) };
}

async function lookAt(options: PathHold, note: Note, only?: ReadonlySet<string>): Promise<Look> {
  const { paths, control } = options;
  const began = performance.now();
  const look = { wrong: new Map<string, string>(), excused: new Set<string>(), silent: new Set<string>() };
  const asked = only === undefined ? paths : paths.filter((path) => only.has(keyOf(path)));
  const rows = Map.groupBy(asked, ({ from }) => from);
  await Promise.all([...rows].map(([from, row]) => lookFrom(from, row, control, { ...look, note })));
  if (look.silent.size > 0) await excuseStalled(options, look, performance.now() - began);
  return look;
}

async function excuseStalled(
  { paths, servers = [] }: PathHold,
  { silent, excused }: Pick<Notes, 'silent' | 'excused'>,
  sinceMs: number,
): Promise<void> {
  const stalled = await StalledAgents.ask([...servers, ...paths.map(({ from }) => from)], sinceMs);
  const unanswered = paths.filter((path) => silent.has(keyOf(path)));
  for (const path of unanswered) if (stalled.explains(path.from, path.probe)) excused.add(keyOf(path));
}

interface Notes {
  readonly wrong: Map<string, string>;
  readonly excused: Set<string>;
  /** What got no answer. */
  readonly silent: Set<string>;
  readonly note: Note;
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
  { wrong, excused, silent, note }: Notes,
): void {
  const key = keyOf(path);
  if (result === undefined || result.verdict === 'inconclusive' || own?.verdict !== 'open') excused.add(key);
  const difference = result === undefined ? 'no result' : path.differs(result);
  const seen = result === undefined ? 'nothing' : `${measuredText(result)}${answerText(result)}`;
  if (difference !== undefined && result?.verdict === 'dropped') silent.add(key);
  if (difference !== undefined) wrong.set(key, `${seen}; ${difference}`);
  else if (result !== undefined && own !== undefined) note(path, result, own);
}

function endsOf(path: HeldPath): DelayedPath {
  const { from, probe } = path;
  return {
    key: keyOf(path),
    kind: probe.kind,
    from: from.name,
    to: 'host' in probe ? probe.host : describeProbe(probe),
  };
}

const keyOf = ({ from, probe }: HeldPath) => `${from.name} on ${from.node} -> ${describeProbe(probe)}`;

function firstWrong({ wrong, excused }: Look): string | undefined {
  const [first] = wrong;
  if (first !== undefined) return `${wrong.size} paths differ, first: ${first.join(': ')}`;
  const [blind] = excused;
  return blind === undefined ? undefined : `${blind}: its agent does not reach itself`;
}

/** Where agents were slow to reach themselves in more looks than these leave, servers may have been so too. */
const fewestCalm = 0.75;

function refuseSlow(ctx: CheckContext, { what }: PathHold, delays: JudgedDelays): void {
  const { groups, blind, calmShare } = delays;
  const lines = (paths: readonly SlowPath[]) => paths.map(({ line }) => line);
  const [slow, toBlame] = [lines(delays.slow), lines(delays.toBlame)];
  ctx.measure('calm_looks', calmShare, 'ratio');
  for (const { kind, limitMs, medianMs, slowestMs } of groups) {
    const facts = { kind, limit: `${limitMs.toFixed(1)} ms` };
    ctx.measure('path_delay', medianMs, 'ms', { of: 'median path', ...facts });
    ctx.measure('path_delay', slowestMs, 'ms', { of: 'slowest path', ...facts });
  }
  const late = calmShare < fewestCalm ? toBlame : slow;
  if (late.length > 0) expect.fail(`${what}, but too late: ${shortList(late, 'path(s)')}`);
  if (slow.length > 0) throw starved(slow, 'path(s) slow, as the agents themselves were');
  if (blind.length > 0) throw starved(blind, 'path(s)');
}
