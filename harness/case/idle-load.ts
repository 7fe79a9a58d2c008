/** What a mostly idle case takes while it waits, as measured on two cores: for how long, and what part of a core. */
export interface IdleLoad {
  readonly seconds: number;
  /** Of all that runs on the nodes of a kind cluster, beyond what the cluster takes by itself. */
  readonly cores: number;
}

/** Measured, one after the other on a cluster of three nodes (docs/performance.md), and rounded up. */
export const idleLoads = {
  /** Four connections, a few exchanges a second. */
  keptFlows: { seconds: 72, cores: 0.05 },
  /** Some twenty to fifty probes a quarter of a second. */
  hold: { seconds: 38, cores: 0.25 },
  /** Pods that start and stop under steady traffic. */
  rollout: { seconds: 30, cores: 0.4 },
  /** Thousands of datagrams, each on its way with its answer. */
  loss: { seconds: 10, cores: 0.4 },
  /** A silence. */
  silence: { seconds: 40, cores: 0.05 },
} as const satisfies Record<string, IdleLoad>;

/** Of a case that does not say: no more than that of any that does. */
const unknownLoad: IdleLoad = { seconds: 0, cores: 0.4 };

/** Returns what a case takes while it waits. */
export function idleLoadOf({ idleLoad }: { readonly idleLoad?: IdleLoad }): IdleLoad {
  return idleLoad ?? unknownLoad;
}
