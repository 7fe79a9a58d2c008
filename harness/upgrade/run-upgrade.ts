import { setTimeout as pause } from 'node:timers/promises';
import { isDownNow, outcomesOf, windowEvent } from './outcomes.ts';
import type { Collector, SeenWindow } from './collector.ts';
import { harnessNowMs } from './harness-clock.ts';
import { describeLane } from './lane.ts';
import type { LaneOutcome } from './judge.ts';
import type { SessionOptions } from './furnish.ts';
import { Session } from './session.ts';
import type { CommandRecorder } from '../events/command-log.ts';

/** What an act may say while it runs. */
export interface ActEars {
  line(stream: 'stdout' | 'stderr', line: string): void;
  /** A step begins, and the one before ends. */
  step(name: string): void;
}

/** What is done to the cluster. Returns why it failed; undefined where it did not. */
export type Act = (ears: ActEars, signal: AbortSignal) => Promise<string | undefined>;

export interface UpgradeOptions extends SessionOptions {
  /** Traffic flows this long before the act. */
  readonly beforeMs: number;
  /** Every path must be well for this long after it, or it is waited no longer than `settleMostMs`. */
  readonly steadyMs: number;
  readonly settleMostMs: number;
  /** A line for the person who watches. */
  readonly say: (line: string) => void;
  /** Shows what is sampled to somebody as long as it is; returns what ends that. */
  readonly attend?: (watched: Watched) => () => Promise<void>;
}

/** What is known at any time while it is sampled. */
export interface Watched {
  readonly collector: Collector;
  /** Windows that are over, as they come. */
  readonly windows: readonly SeenWindow[];
}

export interface Sampled {
  readonly outcomes: readonly LaneOutcome[];
  readonly actFailed: string | undefined;
}

const settlePollMs = 1_000;

/**
 * Samples every path of the cluster before, during and after an act, and writes what was seen into the log: lanes,
 * windows, spans, lines. What it put into the cluster is gone when it returns. @throws OrdealError as `Session.open` does.
 */
export async function sampleUpgrade(options: UpgradeOptions, recorder: CommandRecorder, act: Act): Promise<Sampled> {
  const seen: SeenWindow[] = [];
  let markMs = Infinity;
  const session = await Session.open(options, {
    emit: recorder.event,
    windows: (windows) => {
      seen.push(...windows);
      for (const window of windows) recorder.event(windowEvent(window));
      for (const line of tellWindows(windows)) options.say(line);
    },
  });
  const leave = options.attend?.({ collector: session.collector, windows: seen });
  try {
    await options.progress.step('traffic on every path', () => session.untilFlowing());
    await recorder.phase('before', 'traffic before the upgrade', () => quietFor(options.beforeMs, options.signal));
    markMs = harnessNowMs();
    session.collector.mark(markMs);
    const actFailed = await recorder.phase('act', 'the upgrade', () => perform(act, options, recorder));
    await recorder.phase('settle', 'traffic after the upgrade', () => settled(session, options));
    await session.stop();
    const outcomes = outcomesOf(session.collector, seen, markMs);
    for (const outcome of outcomes) tellLane(outcome, recorder);
    return { outcomes, actFailed };
  } finally {
    await leave?.();
    await options.progress.step('remove what was sampled with', () => session.close());
  }
}

async function perform(act: Act, options: UpgradeOptions, recorder: CommandRecorder): Promise<string | undefined> {
  let step: { name: string; fromMs: number } | undefined;
  const end = () => {
    if (step === undefined) return;
    const { name: title, fromMs } = step;
    recorder.event({ type: 'span', kind: 'step', title, from: isoOf(fromMs), ms: harnessNowMs() - fromMs });
  };
  const ears: ActEars = {
    line: (stream, line) => {
      options.say(`  | ${line}`);
      recorder.event({ type: 'output', stream, line });
    },
    step: (name) => {
      end();
      step = { name, fromMs: harnessNowMs() };
      options.say(`step: ${name}`);
    },
  };
  try {
    return await act(ears, options.signal);
  } finally {
    end();
  }
}

/** Waits until no path has been down for a while. */
async function settled(session: Session, { steadyMs, settleMostMs, signal }: UpgradeOptions): Promise<void> {
  const beganMs = harnessNowMs();
  let wellSinceMs = beganMs;
  while (!signal.aborted) {
    const nowMs = harnessNowMs();
    if (isDownNow(session.collector) || session.collector.heard(nowMs).silent > 0) wellSinceMs = nowMs;
    if (nowMs - wellSinceMs >= steadyMs || nowMs - beganMs >= settleMostMs) return;
    await quietFor(settlePollMs, signal);
  }
}

async function quietFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

function tellLane({ lane, before, during }: LaneOutcome, recorder: CommandRecorder): void {
  for (const [stretch, totals] of [['before', before] as const, ['during', during] as const]) {
    const { attempts, failed, lost, unknown, cuts, wellUs, maxUs } = totals;
    const answered = attempts - failed - unknown;
    const latency =
      answered > 0 && lane.expected === 'open' ? { meanMs: wellUs / answered / 1_000, maxMs: maxUs / 1_000 } : {};
    const counts = { attempts, failed, lost: lost + unknown, cuts };
    recorder.event({ type: 'lane.seen', lane: lane.id, stretch, ...counts, ...latency });
  }
}

const words = { down: 'down', leak: 'LEAK', lost: 'not seen', starved: 'starved' } as const;

/** One line for each way and kind: an outage of one node is that of dozens of lanes. */
function tellWindows(windows: readonly SeenWindow[]): string[] {
  const groups = Map.groupBy(windows, ({ kind, lane }) => `${kind} ${lane.class} ${lane.client.node} ${lane.to}`);
  return [...groups.values()].flatMap((group) => {
    const longest = group.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0];
    if (longest === undefined) return [];
    const { kind, fromMs, toMs, lane, classes } = longest;
    const more = group.length === 1 ? '' : ` (and ${group.length - 1} more of this path)`;
    const at = isoOf(fromMs).slice(11, 23);
    return [
      `${words[kind]} ${Math.round(toMs - fromMs)} ms from ${at}: ${describeLane(lane)}: ${Object.keys(classes).join(', ')}${more}`,
    ];
  });
}

const isoOf = (ms: number) => new Date(ms).toISOString();
