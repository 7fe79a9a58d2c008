import { z } from 'zod';
import type { KubeObject } from './types.ts';

/** Conditions of a namespace that will not go: `NamespaceContentRemaining` and its like say what is left inside. */
const Lingering = z.looseObject({
  metadata: z.looseObject({ finalizers: z.array(z.string()).optional() }),
  spec: z.looseObject({ finalizers: z.array(z.string()).optional() }).optional(),
  status: z
    .looseObject({
      conditions: z.array(z.looseObject({ status: z.string(), message: z.string().optional() })).optional(),
    })
    .optional(),
});

/** Returns in words what keeps an object that was deleted: its finalizers, and what the API server says of the content. */
export function deletionBlockers(object: KubeObject | undefined): string {
  const read = Lingering.safeParse(object);
  if (!read.success) return 'nothing that could be read';
  const { metadata, spec, status } = read.data;
  const finalizers = [...(metadata.finalizers ?? []), ...(spec?.finalizers ?? [])];
  const said = (status?.conditions ?? []).flatMap(({ status: state, message = '' }) =>
    state === 'True' && message !== '' ? [message] : [],
  );
  const parts = [...(finalizers.length === 0 ? [] : [`finalizers ${finalizers.join(', ')}`]), ...said];
  return parts.length === 0 ? 'no finalizer and no condition' : parts.join('; ');
}
