import { ownedLabels } from '../kube/objects.ts';
import { poll } from '../kube/poll.ts';
import type { Kube } from '../kube/types.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Words } from './types.ts';

/** What costs CPU, or bends traffic, for as long as it is there; owners before what they would make again. */
const burdens = [
  ['apps/v1', ['Deployment', 'StatefulSet', 'DaemonSet']],
  ['apps/v1', ['ReplicaSet']],
  ['v1', ['Service', 'Pod']],
  ['networking.k8s.io/v1', ['NetworkPolicy']],
] as const;

/**
 * Namespaces of one run. Names are `ord-<run>-<n>-<logical>`, at most 63 characters; deleting one does not hold up the
 * next case, `drained()` waits for the stragglers. Where the cluster goes with the run they are emptied only: to delete
 * one costs the API server a quarter of a second of CPU, for it is asked for objects of every kind that there is.
 */
export class Namespaces {
  private count = 0;
  /** Asked for and not removed, whether they came to be or not. */
  private readonly standing = new Set<string>();
  private readonly leaving = new Map<string, Promise<void>>();
  private readonly kube: Kube;
  private readonly runId: string;
  private readonly timeouts: Timeouts;
  private readonly clusterGoes: boolean;

  constructor(kube: Kube, runId: string, timeouts: Timeouts, clusterGoes = false) {
    this.kube = kube;
    this.runId = runId;
    this.timeouts = timeouts;
    this.clusterGoes = clusterGoes;
  }

  /**
   * Creates a namespace and waits for its default ServiceAccount, without which pods are refused; returns its real name,
   * which `named` is told before anything is created.
   */
  async create(
    logical: string,
    caseId: string | undefined,
    marks: { readonly labels?: Words | undefined; readonly annotations?: Words | undefined } = {},
    named: (name: string) => void = () => undefined,
  ): Promise<string> {
    this.count += 1;
    const name = `ord-${this.runId.slice(-6)}-${this.count}-${logical}`.slice(0, 63).replace(/-+$/, '');
    this.standing.add(name);
    named(name);
    const labels = { ...ownedLabels(this.runId, caseId), ...marks.labels };
    const annotations = { ...marks.annotations };
    await this.kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: name, name: 'default' };
    const { podReadyMs } = this.timeouts;
    await this.kube.until(account, 'default ServiceAccount exists', podReadyMs, (object) => object !== undefined);
    return name;
  }

  /** Starts deletion and returns at once; nobody asks whether it is done before `drained()`. */
  remove(name: string): void {
    this.standing.delete(name);
    const going = this.clusterGoes ? this.empty(name) : this.kube.remove(namespaceRef(name));
    // One that fails is asked for again in the end.
    const asked = going.catch(() => undefined);
    this.leaving.set(name, asked);
  }

  private async empty(namespace: string): Promise<void> {
    for (const [apiVersion, kinds] of burdens)
      await Promise.all(kinds.map((kind) => this.kube.removeAll({ apiVersion, kind, namespace })));
  }

  /** Starts deletion of all that are left, but for those to `keep`; also of those nobody got round to using. */
  removeAll(keep: ReadonlySet<string>): void {
    [...this.standing].filter((name) => !keep.has(name)).forEach((name) => this.remove(name));
  }

  /** Waits until every removed namespace is absent. @throws OrdealError API_WAIT naming one that stays. */
  async drained(): Promise<void> {
    await Promise.all(this.leaving.values());
    const names = [...this.leaving.keys()];
    if (names.length === 0) return;
    await Promise.all(names.map((name) => this.kube.remove(namespaceRef(name))));
    const { namespaceGoneMs: timeoutMs } = this.timeouts;
    // One list a look, however many there are: each takes half a minute to go.
    await poll(timeoutMs, async () => ((await this.staying(names)).length === 0 ? true : undefined));
    const gone = { awaitGone: true, timeoutMs: 1 };
    await Promise.all((await this.staying(names)).map((name) => this.kube.remove(namespaceRef(name), gone)));
    this.leaving.clear();
  }

  private async staying(names: readonly string[]): Promise<string[]> {
    const query = { apiVersion: 'v1', kind: 'Namespace', labelSelector: `ordeal.dev/run=${this.runId}` };
    const there = new Set((await this.kube.list(query)).map(({ metadata }) => metadata.name));
    return names.filter((name) => there.has(name));
  }
}

const namespaceRef = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', name });
