import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { describeRef } from './errors.ts';
import type { Kube, KubeObject, ObjectRef } from './types.ts';
import { refOf } from './verbs.ts';

/** On an object that is not ours and was changed: the merge patch that makes it as it was. */
const formerState = 'ordeal.dev/former-state';
/** The run that changed it; what `ordeal clean` finds it by. */
export const changedBy = 'ordeal.dev/changed-by';

/** Kinds that cases change where others made them. */
const changedKinds = [
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
] as const;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the merge patch (RFC 7396) that takes back what `patch` does to `before`. */
export function inversePatch(before: Fields, patch: Fields): Fields {
  return Object.fromEntries(
    Object.entries(patch).map(([field, value]) => {
      const former = before[field];
      return [field, isFields(value) && isFields(former) ? inversePatch(former, value) : (former ?? null)];
    }),
  );
}

/**
 * Changes an object that somebody else made, which carries from then on what it was before. Its `restore` is to be
 * registered before `change`. @throws OrdealError CLUSTER where it carries one already: that is the one to keep.
 */
export function changeForeign(kube: Kube, before: KubeObject, body: Fields, runId: string) {
  const ref = refOf(before);
  const changer = before.metadata.labels?.[changedBy];
  if (changer !== undefined) {
    throw new OrdealError('CLUSTER', `${describeRef(ref)} is still as run ${changer} changed it`, {
      remedy: 'Where that run is over, `ordeal clean --kubeconfig FILE` makes it as it was.',
    });
  }
  const marks = { annotations: { [formerState]: JSON.stringify(inversePatch(before, body)) } };
  const metadata = { ...marks, labels: { [changedBy]: runId } };
  return {
    change: () => kube.patch(ref, { ...body, metadata }),
    restore: () => restoreObject(kube, ref),
  };
}

const Marked = z.looseObject({
  metadata: z.looseObject({ annotations: z.looseObject({ [formerState]: z.string() }) }),
});
const Patch = z.record(z.string(), z.unknown());

/** Makes the object as it was, by what it carries; one that carries nothing, or is gone, stays as it is. */
export async function restoreObject(kube: Kube, ref: ObjectRef): Promise<void> {
  const marked = Marked.safeParse(await kube.get(ref));
  if (!marked.success) return;
  const former = Patch.parse(JSON.parse(marked.data.metadata.annotations[formerState]));
  const metadata = { annotations: { [formerState]: null }, labels: { [changedBy]: null } };
  await kube.patch(ref, { ...former, metadata });
}

type List = (kind: { apiVersion: string; kind: string }, labelSelector: string) => Promise<KubeObject[]>;

/** Returns objects of others that runs changed and left so; `list` says what it does where it may not. */
export async function foreignChanges(list: List): Promise<KubeObject[]> {
  return (await Promise.all(changedKinds.map((kind) => list(kind, changedBy)))).flat();
}
