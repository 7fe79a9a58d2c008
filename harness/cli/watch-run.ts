import { ExitCode, OrdealError } from '../base/errors.ts';
import { onInterrupt } from '../base/interrupt.ts';
import { logCommand } from '../events/command-log.ts';
import { harnessNowMs } from '../upgrade/harness-clock.ts';
import type { Watched } from '../upgrade/run-upgrade.ts';
import { actOf, withCluster } from './upgrade-cluster.ts';
import { parseUpgradeOptions, type UpgradeFlags } from './upgrade-options.ts';
import { agreed, type UpgradeRequest } from './upgrade-before.ts';
import { concluded, renderReports, requestOf, sampling } from './upgrade-run.ts';
import { serveMetrics, showWatch } from './watch-show.ts';
import { watchState } from './watch-state.ts';

export type WatchFlags = UpgradeFlags & { readonly listen?: string };

interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Watches a cluster until it is stopped and returns the exit code, by what was lost. @throws OrdealError USAGE for bad
 * input, before anything is touched.
 */
export async function runWatch({ listen, ...flags }: WatchFlags): Promise<ExitCode> {
  const shared = { before: '10s', conformance: false };
  const options = parseUpgradeOptions([], {
    ...shared,
    ...flags,
    ...(flags.for === undefined && { untilStopped: true }),
  });
  const address = listen === undefined ? undefined : addressOf(listen);
  const interrupt = onInterrupt((line) => void process.stderr.write(`${line}\n`));
  try {
    const request = await requestOf('watch', options, interrupt.signal);
    const exitCode = await logged(request, address);
    await renderReports(request.folder);
    return exitCode;
  } finally {
    interrupt.stop();
  }
}

function logged(request: UpgradeRequest, address: Address | undefined): Promise<ExitCode> {
  const { runId, folder } = request;
  const about = { id: 'upgrade', title: 'Paths of a cluster, watched', area: 'upgrade', argv: process.argv.slice(2) };
  return logCommand({ command: 'watch', runId, folder, ...about }, (recorder) =>
    withCluster(request, recorder.event, async (provided, progress) => {
      await agreed(provided, request);
      const act = actOf(request, () => undefined);
      const shows = await shownTo(address);
      try {
        const sampled = await sampling(provided, progress, request, recorder, { act, attend: shows.attend });
        return concluded(request.budgets, recorder, sampled, [nothingJudged, nothingJudged]);
      } finally {
        shows.end();
      }
    }),
  );
}

const nothingJudged = { run: undefined, trouble: undefined };

/** Listens before anything is put into the cluster: a port that is taken is known at once. */
async function shownTo(address: Address | undefined) {
  const sinceMs = harnessNowMs();
  let watched: Watched | undefined;
  const look = () =>
    watched === undefined
      ? { sinceMs, nowMs: harnessNowMs(), agents: 0, silent: 0, lanes: [], latest: [] }
      : watchState(watched, sinceMs);
  const end = address === undefined ? () => undefined : await serveMetrics(look, address);
  const attend = (now: Watched) => {
    watched = now;
    const hide = showWatch(look, process.stderr);
    return () => {
      hide();
      return Promise.resolve();
    };
  };
  return { attend, end };
}

function addressOf(text: string): Address {
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d{1,5})$/v.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535)
    throw new OrdealError('USAGE', `--listen ${text}: write HOST:PORT or PORT, such as 127.0.0.1:9475`);
  return { host, port: Number(port) };
}
