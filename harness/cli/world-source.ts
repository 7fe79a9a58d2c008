import type { Command } from 'commander';
import { OrdealError } from '../base/errors.ts';
import type { World } from '../oracle/types.ts';

/** Where a command takes its world from; exactly one of `files` and `kubeconfig`. */
export interface WorldFlags {
  readonly files?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Adds the flags that say where the world comes from. */
export function withWorldFlags(command: Command): Command {
  return command
    .option('--files <path>', 'manifests: a file, or a directory read recursively')
    .option('--kubeconfig <file>', 'a live cluster instead of files')
    .option('--context <name>', 'context of the kubeconfig');
}

/** Returns the world the flags name. @throws OrdealError USAGE unless exactly one of files and kubeconfig is given. */
export async function loadWorld({ files, kubeconfig, context }: WorldFlags): Promise<World> {
  if ((files === undefined) === (kubeconfig === undefined)) {
    throw new OrdealError('USAGE', 'give either --files PATH or --kubeconfig FILE');
  }
  const { loadWorldFromCluster, loadWorldFromFiles } = await import('../oracle/load-world.ts');
  if (files !== undefined) return loadWorldFromFiles(files);
  const { connect } = await import('../kube/connect.ts');
  const kube = await connect(kubeconfig ?? '', context);
  try {
    return await loadWorldFromCluster(kube);
  } finally {
    await kube.close();
  }
}
