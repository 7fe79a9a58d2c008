import type { Progress } from '../base/progress.ts';
import { terminalProgress } from '../base/progress-terminal.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { clusterEvent } from '../cluster/cluster-event.ts';
import { provideExisting, provideKept } from '../cluster/provide.ts';
import type { ProvidedCluster, RunFrame } from '../cluster/provider.ts';
import type { Emit } from '../events/types.ts';
import { commandAct, enterAct, timeAct, untilStoppedAct } from '../upgrade/acts.ts';
import type { Act } from '../upgrade/run-upgrade.ts';
import type { UpgradeOptions } from './upgrade-options.ts';

/** What every part of an upgrade's run is given. */
export interface ClusterFrame {
  readonly options: UpgradeOptions;
  readonly timeouts: Timeouts;
  readonly runId: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Runs `work` on the cluster that the flags name, and logs what it is. @throws as the providers do. */
export async function withCluster<T>(
  frame: ClusterFrame,
  emit: Emit,
  work: (provided: ProvidedCluster, progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = terminalProgress();
  try {
    const provided = await provide(frame, progress);
    try {
      emit(clusterEvent(provided, { id: provided.cluster.info.name, required: [] }));
      return await work(provided, progress);
    } finally {
      await provided.destroy();
    }
  } finally {
    progress.close();
  }
}

function provide(
  { options, timeouts, runId, folder, signal }: ClusterFrame,
  progress: Progress,
): Promise<ProvidedCluster> {
  const { kubeconfig, context, agentImage, name } = options;
  const frame: RunFrame = { runId, folder, progress, timeouts, signal, collectLogs: 'own', features: 'from facts' };
  if (kubeconfig !== undefined) return provideExisting({ kubeconfig, context, agentImage }, frame);
  return provideKept(name ?? '', frame);
}

/** Returns what happens to the cluster. */
export function actOf({ options: { happening }, timeouts }: ClusterFrame, say: (line: string) => void): Act {
  switch (happening.kind) {
    case 'command':
      return commandAct(happening.argv, timeouts.commandGraceMs);
    case 'time':
      return timeAct(happening.ms);
    case 'enter':
      return enterAct(process.stdin, say);
    case 'until stopped':
      return untilStoppedAct();
    case 'nothing':
      return () => Promise.resolve(undefined);
  }
}
