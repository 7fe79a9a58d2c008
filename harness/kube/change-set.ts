import { describeRef } from './errors.ts';
import type { Kube, KubeObject, ObjectRef } from './types.ts';
import { refOf } from './verbs.ts';

/** What was changed through a Kube, as far as it may still be there. */
export class ChangeSet {
  private readonly made = new Map<string, ObjectRef>();
  private readonly altered = new Map<string, ObjectRef>();

  /** Objects that were applied or created, whether that succeeded or not, and not removed since. */
  get standing(): ObjectRef[] {
    return [...this.made.values()];
  }

  get patched(): ObjectRef[] {
    return [...this.altered.values()];
  }

  make(object: KubeObject): void {
    const ref = refOf(object);
    this.made.set(describeRef(ref), ref);
  }

  alter(ref: ObjectRef): void {
    this.altered.set(describeRef(ref), ref);
  }

  unmake(ref: ObjectRef): void {
    this.made.delete(describeRef(ref));
  }
}

/** Returns the same Kube, which notes what is changed through it: before it asks the server, and removals after. */
export function trackingKube(kube: Kube, changes: ChangeSet): Kube {
  const own: Pick<Kube, 'apply' | 'applyAll' | 'create' | 'patch' | 'remove'> = {
    apply: (object) => {
      changes.make(object);
      return kube.apply(object);
    },
    applyAll: (objects) => {
      objects.forEach((object) => changes.make(object));
      return kube.applyAll(objects);
    },
    create: (object) => {
      changes.make(object);
      return kube.create(object);
    },
    patch: (ref, body, options) => {
      changes.alter(ref);
      return kube.patch(ref, body, options);
    },
    remove: async (ref, options) => {
      await kube.remove(ref, options);
      changes.unmake(ref);
    },
  };
  return Object.assign(Object.create(kube) as Kube, own);
}
