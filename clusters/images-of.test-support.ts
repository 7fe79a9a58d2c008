import type { KubeObject } from '../harness/kube/types.ts';
import { mapContainers } from './manifest.ts';

/** Returns every image a list of objects runs, each once, in order of appearance. */
export function imagesOf(objects: readonly KubeObject[]): readonly string[] {
  const found = new Set<string>();
  for (const object of objects) {
    mapContainers(object, (container) => {
      found.add(container.image);
      return container;
    });
  }
  return [...found];
}
