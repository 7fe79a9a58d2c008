import { family, type Sampled } from '../open-metrics.ts';
import type { WatchedLane, WatchState } from './model.ts';

const kinds = ['down', 'leak', 'lost', 'starved'] as const;

type Value = (lane: WatchedLane) => number;

const perLane: readonly (readonly [name: string, type: 'gauge' | 'counter', help: string, value: Value])[] = [
  ['ill', 'gauge', '1 while the last attempt failed, or got through where it may not.', ({ isIll }) => Number(isIll)],
  ['attempts', 'counter', 'Attempts of which the end is known.', ({ attempts }) => attempts],
  ['failures', 'counter', 'Attempts that failed, or got through where they may not.', ({ failed }) => failed],
  ['lost', 'counter', 'Attempts of which nobody knows the end.', ({ lost }) => lost],
  ['cuts', 'counter', 'Kept connections that were cut.', ({ cuts }) => cuts],
  ['answers', 'counter', 'Attempts that were answered as they should be.', ({ answered }) => answered],
  ['answer_seconds', 'counter', 'Time of all those answers.', ({ answerSeconds }) => answerSeconds],
];

/** Returns what a watch knows as OpenMetrics text (1.0), for Prometheus to scrape. */
export function watchOpenMetrics({ lanes, agents, silent }: WatchState): string {
  const perKind = (of: 'count' | 'seconds'): Sampled[] =>
    lanes.flatMap((lane) =>
      kinds.map((kind) => ({ labels: { ...labelsOf(lane), kind }, value: lane.windows[kind][of] })),
    );
  const heard = [
    { labels: { heard: 'yes' }, value: agents - silent },
    { labels: { heard: 'no' }, value: silent },
  ];
  const lines = [
    ...perLane.flatMap(([name, type, help, value]) => {
      const samples = lanes.map((lane) => ({ labels: labelsOf(lane), value: value(lane) }));
      return family(`ordeal_watch_${name}`, type, help, samples);
    }),
    ...family('ordeal_watch_windows', 'counter', 'Windows that are over.', perKind('count')),
    ...family('ordeal_watch_window_seconds', 'counter', 'Time of all those windows.', perKind('seconds')),
    ...family('ordeal_watch_agents', 'gauge', 'Agents, by whether they were heard of late.', heard),
  ];
  return `${lines.join('\n')}\n# EOF\n`;
}

function labelsOf({ class: kind, from, to, transport, connections, expected }: WatchedLane): Record<string, string> {
  return { class: kind, from, to, transport, connections, expected };
}
