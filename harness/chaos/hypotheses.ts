import { downtimeWindows } from '../disruption/downtime.ts';
import type { Sample } from '../probe/agent-types.ts';
import { parseDuration } from './duration.ts';
import type { Hypothesis } from './scenario.ts';
import { seenIn } from './watch.ts';

/** When the faults of a scenario were there, on the clock of the samples. */
export interface Marks {
  readonly injected: number;
  readonly reverted: number;
}

/** What a hypothesis came to. */
export interface Judged {
  /** `availability of web during the faults at least 99.5 %` */
  readonly claim: string;
  readonly outcome: 'passed' | 'failed' | 'inconclusive';
  readonly seen: string;
}

export type Samples = ReadonlyMap<string, readonly Sample[]>;

const percentOf = (share: number) => `${(share * 100).toFixed(3)} %`;
const msText = (ms: number) => `${ms.toFixed(0)} ms`;
/** Fewer answers have no 99th percentile. */
const leastForP99 = 100;

/** Returns what the samples of the watches say of a hypothesis. */
export function judgeHypothesis(hypothesis: Hypothesis, samples: Samples, marks: Marks): Judged {
  switch (hypothesis.expect) {
    case 'availability': {
      const { watch, atLeast, stretch } = hypothesis;
      const seen = seenIn(within(samples.get(watch), stretch, marks));
      const share = 1 - seen.failedShare;
      const claim = `availability of ${watch} ${words[stretch]} at least ${atLeast} %`;
      return judged(claim, share * 100 >= atLeast, share, `${percentOf(share)} of ${seen.attempts} answered`);
    }
    case 'p99': {
      const { watch, atMost, stretch } = hypothesis;
      const seen = seenIn(within(samples.get(watch), stretch, marks));
      const answered = seen.attempts - seen.failures - seen.inconclusive;
      const p99 = answered < leastForP99 ? Number.NaN : seen.p99Ms;
      const claim = `p99 of ${watch} ${words[stretch]} at most ${atMost}`;
      return judged(claim, p99 <= parseDuration(atMost, 'p99'), p99, `${msText(p99)} of ${answered} answers`);
    }
    case 'downtime': {
      const { watch, atMost } = hypothesis;
      const all = within(samples.get(watch), 'all', marks);
      const longest = all.length === 0 ? Number.NaN : Math.max(0, ...downtimeWindows(all).map(({ ms }) => ms));
      const claim = `longest downtime of ${watch} at most ${atMost}`;
      return judged(claim, longest <= parseDuration(atMost, 'downtime'), longest, msText(longest));
    }
    case 'recovery':
      return recovery(hypothesis, samples, marks);
    case 'unchanged':
      return unchanged(hypothesis, samples, marks);
  }
}

const words = { before: 'before', during: 'during the faults', after: 'after the faults', all: 'throughout' } as const;

function within(samples: readonly Sample[] = [], stretch: keyof typeof words, { injected, reverted }: Marks) {
  const [from, to] = {
    before: [0, injected],
    during: [injected, reverted],
    after: [reverted, Infinity],
    all: [0, Infinity],
  }[stretch];
  return samples.filter(({ atMs }) => atMs >= (from ?? 0) && atMs < (to ?? Infinity));
}

function judged(claim: string, holds: boolean, value: number, seen: string): Judged {
  if (Number.isNaN(value)) return { claim, outcome: 'inconclusive', seen: `too little was seen: ${seen}` };
  return { claim, outcome: holds ? 'passed' : 'failed', seen };
}

function recovery({ watch, atMost }: Extract<Hypothesis, { expect: 'recovery' }>, samples: Samples, marks: Marks) {
  const all = within(samples.get(watch), 'all', marks);
  const windows = downtimeWindows(all).filter(({ toMs }) => toMs > marks.reverted);
  const claim = `recovery of ${watch} within ${atMost} of the last fault's end`;
  const last = windows.at(-1);
  if (last?.recovered === false) return { claim, outcome: 'failed' as const, seen: 'it had not recovered at the end' };
  const ms = within(all, 'after', marks).length === 0 ? Number.NaN : Math.max(0, (last?.toMs ?? 0) - marks.reverted);
  return judged(claim, ms <= parseDuration(atMost, 'recovery'), ms, msText(ms));
}

/** One verdict before, the same one throughout: a path that is closed stays closed, one that is open stays open. */
function unchanged({ watch }: Extract<Hypothesis, { expect: 'unchanged' }>, samples: Samples, marks: Marks): Judged {
  const names = [watch].flat();
  const claim = `${names.join(', ')}: the same verdicts as before`;
  const kinds = names.map((name) => {
    const kindsIn = (stretch: 'before' | 'during' | 'after') =>
      new Set(
        within(samples.get(name), stretch, marks).flatMap(({ verdict }) =>
          verdict === 'inconclusive' ? [] : [verdict],
        ),
      );
    return { name, before: kindsIn('before'), since: new Set([...kindsIn('during'), ...kindsIn('after')]) };
  });
  const unsure = kinds.find(({ before, since }) => before.size !== 1 || since.size === 0);
  if (unsure !== undefined) {
    const said =
      unsure.before.size > 1 ? `${[...unsure.before].join(' and ')} before the faults` : 'too little was seen';
    return { claim, outcome: 'inconclusive', seen: `${unsure.name}: ${said}` };
  }
  const changed = kinds.filter(({ before, since }) => [...since].some((verdict) => !before.has(verdict)));
  const seen = (changed.length > 0 ? changed : kinds).map(
    ({ name, before, since }) => `${name}: ${[...before].join()} before, then ${[...since].join(' and ')}`,
  );
  return { claim, outcome: changed.length > 0 ? 'failed' : 'passed', seen: seen.join('; ') };
}
