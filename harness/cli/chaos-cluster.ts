import type { ExitCode } from '../base/errors.ts';
import { onInterrupt } from '../base/interrupt.ts';
import { terminalProgress } from '../base/progress-terminal.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { provideKept } from '../cluster/provide.ts';
import type { Cluster } from '../cluster/types.ts';
import type { CommandRecorder } from '../events/command-log.ts';
import { createFaultBench, type FaultBench } from '../fault/bench.ts';

/** A command of chaos: where it keeps its records, and how long it waits. */
export interface ChaosFrame {
  readonly runId: string;
  readonly folder: string;
  readonly timeouts: Timeouts;
}

/** Writes a line of narration. */
export const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Acts on a kept kind cluster, and lets go of it; Ctrl-C aborts the signal. @throws what finding it or `act` throws. */
export async function onKeptCluster(
  name: string,
  { runId, folder, timeouts }: ChaosFrame,
  act: (cluster: Cluster, signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const interrupt = onInterrupt(say);
  const progress = terminalProgress();
  try {
    const frame = { runId, folder, progress, timeouts, collectLogs: 'own', features: 'from facts' } as const;
    const provided = await provideKept(name, frame);
    progress.close();
    try {
      return await act(provided.cluster, interrupt.signal);
    } finally {
      await provided.destroy();
    }
  } finally {
    progress.close();
    interrupt.stop();
  }
}

/** Returns a bench whose faults are told as they go, and logged once `sink` is given a recorder's `event`. */
export function toldFaultBench(
  cluster: Cluster,
  { runId, folder, timeouts }: ChaosFrame,
): { readonly bench: FaultBench; readonly sink: { event: CommandRecorder['event'] } } {
  const sink: { event: CommandRecorder['event'] } = { event: () => undefined };
  const bench = createFaultBench({
    ...{ cluster, runId, stateDir: folder, timeouts },
    emit: (event) => {
      sink.event(event);
      if (event.type === 'fault') say(`${event.phase}: ${event.detail}`);
    },
  });
  return { bench, sink };
}
