import { AsyncLocalStorage } from 'node:async_hooks';
import { OrdealError } from '../base/errors.ts';
import type { Kube } from './types.ts';

/**
 * Lets changes through until it is closed, and then only those of its own undoing. Whose a call is goes by where it was
 * begun: the body of a case that was given up may still be under way, beside what undoes it.
 */
export class Door {
  private readonly undoing = new AsyncLocalStorage<true>();
  private readonly owner: string;
  private closed = false;

  constructor(owner: string) {
    this.owner = owner;
  }

  /** Closes, and runs what undoes. */
  close(undo: () => Promise<void>): Promise<void> {
    this.closed = true;
    return this.undoing.run(true, undo);
  }

  /** @throws OrdealError INTERRUPTED where it is closed, unless this is part of the undoing. */
  requireOpen(act: string): void {
    if (!this.closed || this.undoing.getStore() === true) return;
    throw new OrdealError('INTERRUPTED', `${this.owner} is over and may not ${act} any more`);
  }
}

/** Returns the same Kube, through which nothing is changed while the door is closed. */
export function whileOpen(kube: Kube, door: Door): Kube {
  const through = async <T>(act: string, work: () => Promise<T>): Promise<T> => {
    door.requireOpen(act);
    return work();
  };
  const guarded: Pick<Kube, 'apply' | 'applyAll' | 'create' | 'patch' | 'remove' | 'removeAll' | 'exec'> = {
    apply: (object) => through('apply', () => kube.apply(object)),
    applyAll: (objects) => through('apply', () => kube.applyAll(objects)),
    create: (object) => through('create', () => kube.create(object)),
    patch: (ref, body, options) => through('patch', () => kube.patch(ref, body, options)),
    remove: (ref, options) => through('remove', () => kube.remove(ref, options)),
    removeAll: (collection) => through('remove', () => kube.removeAll(collection)),
    exec: (pod, argv, options) => through('exec', () => kube.exec(pod, argv, options)),
  };
  return Object.assign(Object.create(kube) as Kube, guarded);
}
