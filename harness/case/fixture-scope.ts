import type { AgentPodSpec } from '../probe/agent-pod-spec.ts';
import { CleanupStack } from '../base/cleanup.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { ownedLabels } from '../kube/objects.ts';
import { labelling } from '../kube/owned.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { refOf } from '../kube/verbs.ts';
import type { FleetDriver } from '../probe/fleet-driver.ts';
import type { Agent } from '../probe/agent-types.ts';
import type { FixtureTools } from './fixture.ts';
import type { Namespaces } from './namespaces.ts';

export interface ScopeDependencies {
  readonly kube: Kube;
  readonly driver: FleetDriver;
  readonly namespaces: Namespaces;
  readonly runId: string;
  readonly timeouts: Timeouts;
}

/** The tools of one opened fixture, and what undoes everything done with them. */
export class FixtureScope implements FixtureTools {
  readonly kube: Kube;
  readonly timeouts: Timeouts;
  /** Real names of the namespaces that were asked for. */
  readonly ownNamespaces = new Set<string>();
  private readonly deps: ScopeDependencies;
  private readonly caseId: string | undefined;
  private readonly cleanup: CleanupStack;
  private clusterGoes = false;

  constructor(deps: ScopeDependencies, caseId?: string) {
    this.deps = deps;
    this.caseId = caseId;
    this.timeouts = deps.timeouts;
    this.kube = labelling(deps.kube, ownedLabels(deps.runId, caseId));
    this.cleanup = new CleanupStack({ timeoutMs: deps.timeouts.cleanupMs });
  }

  namespace(logical: string, labels?: Record<string, string>): Promise<string> {
    const { namespaces } = this.deps;
    return namespaces.create(logical, this.caseId, { labels }, (name) => {
      this.ownNamespaces.add(name);
      this.defer(`namespace ${name}`, () => {
        if (!this.clusterGoes) namespaces.remove(name);
        return Promise.resolve();
      });
    });
  }

  agents(specs: readonly AgentPodSpec[]): Promise<Agent[]> {
    return this.deps.driver.start(specs);
  }

  async apply(...objects: KubeObject[]): Promise<void> {
    for (const object of objects) {
      const ref = refOf(object);
      // What is in a namespace of the fixture dies with that.
      if (!this.ownNamespaces.has(ref.namespace ?? '')) {
        const remove = () => this.kube.remove(ref, { awaitGone: true });
        this.defer(`${ref.kind} ${ref.name}`, () => (this.clusterGoes ? Promise.resolve() : remove()));
      }
      await this.kube.apply(object);
    }
  }

  defer(title: string, undo: () => Promise<void>): void {
    this.cleanup.defer(title, undo);
  }

  /**
   * Undoes everything in reverse; what is in a cluster that goes itself is left to that.
   * @throws OrdealError naming what could not be undone.
   */
  close({ clusterGoes = false } = {}): Promise<void> {
    this.clusterGoes = clusterGoes;
    return this.cleanup.run();
  }
}
