import type { Kube, KubeObject } from './types.ts';

/** Returns the same Kube, through which everything applied or created carries these labels as well. */
export function labelling(kube: Kube, labels: Readonly<Record<string, string>>): Kube {
  const labelled = <T extends KubeObject>(object: T): T => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
  });
  const marking: Pick<Kube, 'apply' | 'applyAll' | 'create'> = {
    apply: (object) => kube.apply(labelled(object)),
    applyAll: (objects) => kube.applyAll(objects.map(labelled)),
    create: (object) => kube.create(labelled(object)),
  };
  return Object.assign(Object.create(kube) as Kube, marking);
}
