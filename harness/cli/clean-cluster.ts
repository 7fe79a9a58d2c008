import { findLeftBehind, type RunLeft } from '../cluster/left-behind.ts';
import { describeRef } from '../kube/errors.ts';
import { restoreObject } from '../kube/former-state.ts';
import { connect } from '../kube/connect.ts';
import type { Kube, ObjectRef } from '../kube/types.ts';
import { loadTimeouts } from './run-options.ts';

export interface CleanClusterFlags {
  readonly kubeconfig: string;
  readonly context?: string | undefined;
  /** Only what this run left. */
  readonly name?: string | undefined;
  /** Also of runs that live. */
  readonly force: boolean;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
}

/** What was done, or would be, a line each; and what a person should know besides. */
export interface Cleaned {
  readonly done: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Puts back what runs changed on a cluster that is somebody's and removes what they left, but for runs that live.
 * Returns once that is gone. @throws KubeError
 */
export async function cleanCluster(flags: CleanClusterFlags): Promise<Cleaned> {
  const kube = await connect(flags.kubeconfig, flags.context);
  try {
    const { runs, unseen } = await findLeftBehind(kube);
    const asked = runs.filter(({ runId }) => flags.name === undefined || flags.name === runId);
    const doomed = asked.filter(({ alive }) => flags.force || !alive);
    const living = asked.filter((one) => !doomed.includes(one));
    return {
      done: flags.dryRun
        ? doomed.flatMap(wouldDo)
        : (await Promise.all(doomed.map((one) => sweepRun(kube, one)))).flat(),
      notes: [
        ...living.map(({ runId }) => `run ${runId} is under way: it stays; --force takes it too`),
        ...(unseen.length === 0 ? [] : [`this account may not list ${unseen.join(', ')}: what is left of these stays`]),
      ],
    };
  } finally {
    await kube.close();
  }
}

function wouldDo({ changed, objects, namespaces }: RunLeft): string[] {
  return [
    ...changed.map((ref) => `would restore ${describeRef(ref)}`),
    ...[...objects.map(describeRef), ...namespaces].map((what) => `would remove ${what}`),
  ];
}

/** Namespaces last: by the Lease in one of them the rest is found again. */
async function sweepRun(kube: Kube, { changed, objects, namespaces }: RunLeft): Promise<string[]> {
  const { cleanupMs: timeoutMs } = await loadTimeouts(undefined);
  const remove = (ref: ObjectRef) => kube.remove(ref, { awaitGone: true, timeoutMs });
  for (const ref of changed) await restoreObject(kube, ref);
  await Promise.all(objects.map(remove));
  await Promise.all(namespaces.map((name) => remove({ apiVersion: 'v1', kind: 'Namespace', name })));
  return [
    ...changed.map((ref) => `restored ${describeRef(ref)}`),
    ...[...objects.map(describeRef), ...namespaces].map((what) => `removed ${what}`),
  ];
}
