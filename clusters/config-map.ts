import { z } from 'zod';
import type { KubeObject } from '../harness/kube/types.ts';

const ConfigMap = z.looseObject({ data: z.record(z.string(), z.string()) });

/** Returns the ConfigMap with one of its texts edited. @throws when the text is absent: upstream's layout has changed. */
export function editConfig(object: KubeObject, key: string, edit: (text: string) => string): KubeObject {
  const { data } = ConfigMap.parse(object);
  const before = data[key];
  if (before === undefined) throw new TypeError(`ConfigMap ${object.metadata.name ?? '?'} has no ${key}`);
  return { ...object, data: { ...data, [key]: edit(before) } };
}
