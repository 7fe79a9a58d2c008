import type { Command } from 'commander';
import { OrdealError } from '../base/errors.ts';
import type { LoadedModel } from '../oracle/load-cluster-model.ts';

/** Where a command takes its model from; exactly one of `files` and `kubeconfig`. */
export interface ModelFlags {
  readonly files: readonly string[];
  readonly strict?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** A path may hold a comma: only repeating the flag adds. */
const add = (path: string, before: readonly string[]) => [...before, path];

/** Adds the flags that say where the model comes from. */
export function withModelFlags(command: Command): Command {
  return command
    .option(
      '--files <path>',
      'manifests: a file, a directory read recursively, or - for standard input; may repeat, each adds',
      add,
      [],
    )
    .option('--strict', 'refuse all files for one bad document, instead of judging the rest')
    .option('--kubeconfig <file>', 'a live cluster instead of files')
    .option('--context <name>', 'context of the kubeconfig');
}

/**
 * Returns the model the flags name, with what had to be left out of it. `namespace` is where objects that name none
 * belong. @throws OrdealError USAGE unless exactly one of files and kubeconfig is given.
 */
export async function loadModel(flags: ModelFlags, namespace?: string): Promise<LoadedModel> {
  const { files, strict, kubeconfig, context } = flags;
  if ((files.length === 0) === (kubeconfig === undefined)) {
    throw new OrdealError('USAGE', 'give either --files PATH or --kubeconfig FILE');
  }
  const { loadModelFromCluster, loadModelFromFiles } = await import('../oracle/load-cluster-model.ts');
  if (files.length > 0) return loadModelFromFiles(files, { namespace, strict });
  const { connect } = await import('../kube/connect.ts');
  const kube = await connect(kubeconfig ?? '', context);
  try {
    return await loadModelFromCluster(kube);
  } finally {
    await kube.close();
  }
}

/** Returns what is to be said of a loaded model, a line each: first what was left out, then what else to know. */
export function describeLoaded({ faults, notes }: Omit<LoadedModel, 'model'>): string {
  const lines = [...faults.map((it) => `left out: ${it}`), ...notes.map((it) => `note: ${it}`)];
  return lines.map((line) => `${line}\n`).join('');
}
