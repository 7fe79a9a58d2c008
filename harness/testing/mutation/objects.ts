import { z } from 'zod';
import { refOf } from '../../kube/verbs.ts';
import type { KubeObject, ObjectRef } from '../../kube/types.ts';
import { Timeouts } from '../../base/timeouts.ts';
import type { Bed, Change } from './types.ts';

const { workloadReadyMs } = Timeouts.parse({});
const originalOf = 'ordeal.dev/mutation-original';

/** Returns objects that are there while the change is. */
export function objects(bed: Bed, title: string, made: readonly KubeObject[]): Change {
  const refs = made.map(refOf);
  return {
    title,
    apply: () => bed.kube.applyAll(made),
    async undo() {
      for (const ref of refs.toReversed()) await bed.kube.remove(ref, { awaitGone: true });
    },
    async isGone() {
      return (await Promise.all(refs.map((ref) => bed.kube.get(ref)))).every((found) => found === undefined);
    },
  };
}

/** How one object is edited: what `edit` makes of the fields that `read` takes is a merge patch, and so is its inverse. */
export interface ObjectEdit<T> {
  readonly ref: ObjectRef;
  /** Takes from the object the fields to restore, in the shape of a merge patch. */
  readonly fields: z.ZodType<T>;
  readonly edit: (before: T) => object;
  /** Waits until the edit, or its undo, is in force. */
  readonly settled?: () => Promise<void>;
}

/**
 * Returns an edit of an object; what was there before is kept in an annotation of the object itself, so that an undo by
 * another process finds it.
 */
export function edited<T extends object>(bed: Bed, { ref, fields, edit, settled }: ObjectEdit<T>): Change {
  const annotate = (value: string | null) => ({ metadata: { annotations: { [originalOf]: value } } });
  const original = async () => (await bed.kube.get(ref))?.metadata.annotations?.[originalOf];
  return {
    title: `${ref.kind} ${ref.name} edited`,
    async apply() {
      const before = fields.parse(await bed.kube.get(ref));
      await bed.kube.patch(ref, annotate(JSON.stringify(before)));
      await bed.kube.patch(ref, edit(before));
      await settled?.();
    },
    async undo() {
      const kept = await original();
      if (kept === undefined) return;
      await bed.kube.patch(ref, fields.parse(JSON.parse(kept)));
      await settled?.();
      await bed.kube.patch(ref, annotate(null));
    },
    isGone: async () => (await original()) === undefined,
  };
}

const system = { namespace: 'kube-system' } as const;
export const corednsDeployment: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', ...system, name: 'coredns' };
export const corefileMap: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', ...system, name: 'coredns' };
export const dnsService: ObjectRef = { apiVersion: 'v1', kind: 'Service', ...system, name: 'kube-dns' };

export const Corefile = z.object({ data: z.object({ Corefile: z.string() }) });

/** Returns an edit of the Corefile, with CoreDNS rolled: its own reload would take up to two minutes. */
export function corefileEdited(bed: Bed, edit: (corefile: string) => string): Change {
  return edited(bed, {
    ref: corefileMap,
    fields: Corefile,
    edit: ({ data }) => ({ data: { Corefile: changed(data.Corefile, edit) } }),
    settled: () => rollCoreDns(bed),
  });
}

/** An edit that changes nothing would be a mutation that nobody can detect. */
function changed(before: string, edit: (text: string) => string): string {
  const after = edit(before);
  if (after === before) throw new Error(`the edit finds nothing to change in this Corefile:\n${before}`);
  return after;
}

async function rollCoreDns({ kube }: Bed): Promise<void> {
  const annotations = { 'ordeal.dev/mutation-rolled': new Date().toISOString() };
  await kube.patch(corednsDeployment, { spec: { template: { metadata: { annotations } } } });
  await kube.untilRolledOut(corednsDeployment, workloadReadyMs);
}

export const Replicas = z.object({ spec: z.object({ replicas: z.int() }) });

/** Returns CoreDNS with another number of pods. */
export function corednsScaled(bed: Bed, replicas: number): Change {
  return edited(bed, {
    ref: corednsDeployment,
    fields: Replicas,
    edit: () => ({ spec: { replicas } }),
    settled: () => bed.kube.untilRolledOut(corednsDeployment, workloadReadyMs),
  });
}
