import type { Fault } from '../fault/types.ts';
import type { Door } from '../kube/while-open.ts';

/** Returns the same fault, which is not injected once the case is over: nobody would revert it. */
export function injectedWhileOpen(fault: Fault, door: Door): Fault {
  return {
    id: fault.id,
    title: fault.title,
    way: fault.way,
    get result() {
      return fault.result;
    },
    inject: async () => {
      door.requireOpen(`inject ${fault.title}`);
      return fault.inject();
    },
    revert: () => fault.revert(),
  };
}
