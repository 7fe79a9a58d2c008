import type { Agent } from '../probe/agent-types.ts';
import { newHistory, type Grid, type GridPod } from './grid-types.ts';
import { gridPorts, labelsAsMade, wholeGridCells } from './grid-layout.ts';
import type { CaseContext } from '../case/types.ts';
import type { KubeObject, ObjectRef } from '../kube/types.ts';
import { judge } from '../oracle/judge.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';
import { Timeouts } from '../base/timeouts.ts';
import { GridState } from './state.ts';

const addressOf = (index: number) => `10.0.0.${index + 1}`;
const refOf = (one: Agent | undefined) =>
  ({ kind: 'pod', namespace: one?.namespace ?? '', name: one?.name ?? '' }) as const;

/** A grid whose agents see what a cluster with these policies would show them; `stopped`, it reads no more. */
export class FakeCluster {
  readonly applied: NetworkPolicy[] = [];
  readonly stored = new Map<string, NetworkPolicy>();
  stopped = false;
  private inForce: readonly NetworkPolicy[] = [];
  readonly grid: Grid = {
    namespaces: new Map(['x', 'y', 'z'].map((key) => [key, `real-${key}`])),
    pods: wholeGridCells.map(({ ns, pod }, index) => this.pod(ns, pod, addressOf(index))),
    ports: gridPorts,
    history: newHistory(),
    labels: labelsAsMade,
    resetLabels: () => Promise.resolve(),
    deletePolicies: () => Promise.resolve(),
  };

  readonly ctx = {
    timeouts: Timeouts.parse({ policySettleMs: 20, settlePollMs: 1 }),
    signal: new AbortController().signal,
    step: <T>(_: string, work: () => Promise<T>) => work(),
    kube: {
      apply: (object: KubeObject) => this.change(() => this.apply(object as unknown as NetworkPolicy)),
      remove: ({ namespace = '', name }: ObjectRef) =>
        this.change(() => void this.stored.delete(`${namespace}/${name}`)),
    },
  } as unknown as CaseContext;

  apply(object: NetworkPolicy): void {
    this.applied.push(object);
    this.stored.set(`${object.metadata.namespace}/${object.metadata.name}`, object);
  }

  private change(how: () => void): Promise<void> {
    how();
    if (!this.stopped) this.inForce = [...this.stored.values()];
    return Promise.resolve();
  }

  private pod(ns: string, podKey: string, ip: string): GridPod {
    const probe = (probes: readonly Probe[]) => Promise.resolve(probes.map((one) => this.answer(agent, one)));
    const agent = { name: podKey, namespace: `real-${ns}`, node: 'n', ip, ips: [ip], probe } as unknown as Agent;
    const service = { serviceIp: '10.1.0.1', serviceName: `s-${podKey}.real-${ns}` };
    return { key: `${ns}/${podKey}`, namespaceKey: ns, podKey, agent, ...service };
  }

  private answer(from: Agent, probe: Probe): ProbeResult {
    const { host, port } = probe as Extract<Probe, { kind: 'tcp' | 'udp' }>;
    const to = this.grid.pods.find(({ agent }) => agent.ip === host)?.agent;
    const world = { ...new GridState(this.grid).world(), networkPolicies: this.inForce };
    const protocol = probe.kind === 'tcp' ? 'TCP' : 'UDP';
    const { verdict } = judge(world, { from: refOf(from), to: refOf(to), port, protocol });
    return { verdict: verdict === 'mixed' || verdict === 'undecided' ? 'inconclusive' : verdict, elapsedUs: 1 };
  }
}
