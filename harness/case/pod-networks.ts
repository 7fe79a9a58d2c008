import type { Cluster } from '../cluster/types.ts';
import { PodNetworkError } from '../base/errors.ts';
import type { NodeInfo } from '../kube/nodes.ts';
import type { FleetDriver } from '../probe/fleet-driver.ts';

/** Nodes on which pods of a run got no network: each is found once, and what comes after goes to the others. */
export class PodNetworks {
  private readonly broken = new Map<string, PodNetworkError>();
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** Returns the cluster as pods can be started in it: nodes found broken take none, from then on, and say why. */
  usable(): Cluster {
    const nodes = () => this.nodes();
    const info: Cluster['info'] = {
      ...this.cluster.info,
      get nodes() {
        return nodes();
      },
    };
    return { ...this.cluster, info };
  }

  /** Returns a driver that takes note of nodes on which it starts pods in vain. */
  watching(driver: FleetDriver): FleetDriver {
    return {
      start: (specs) => driver.start(specs).catch((error: unknown) => this.note(error)),
      adopt: (pod) => driver.adopt(pod).catch((error: unknown) => this.note(error)),
      template: (spec) => driver.template(spec),
    };
  }

  get areAllWell(): boolean {
    return this.broken.size === 0;
  }

  /** @throws PodNetworkError where no node is left that takes pods and gives them a network. */
  requireNode(): void {
    const [last] = [...this.broken.values()].slice(-1);
    if (last !== undefined && !this.nodes().some(({ schedulable }) => schedulable)) throw last;
  }

  private nodes(): NodeInfo[] {
    return this.cluster.info.nodes.map((node) => {
      const trouble = this.broken.get(node.name);
      return trouble === undefined ? node : { ...node, schedulable: false, podTrouble: trouble.message };
    });
  }

  private note(error: unknown): never {
    if (error instanceof PodNetworkError && error.node !== '') this.broken.set(error.node, error);
    throw error;
  }
}
