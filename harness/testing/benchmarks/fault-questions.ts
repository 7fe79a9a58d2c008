import { OrdealError } from '../../base/errors.ts';
import type { Cluster } from '../../cluster/types.ts';
import { type EchoSpec, type Echoes, measureEchoes } from '../../fault/pod/echo.ts';
import { proportion } from '../../measure/proportion.ts';
import type { Agent } from '../../probe/agent-types.ts';

/** One fault to be put to the test. */
export interface Question {
  readonly driver: string;
  readonly params: unknown;
  /** In a reader's words. */
  readonly asked: string;
  /** What is measured while it holds, with more packets than the driver's own look; without it, that look is told. */
  readonly measure?: () => Promise<string>;
  /** Done before; returns how to end it. */
  readonly before?: () => Promise<() => Promise<unknown>>;
}

const many = 10_000;
const share = (hit: number, of: number) => {
  const { value, low, high } = proportion(hit, of);
  const text = (part: number) => (part * 100).toFixed(2);
  return `${text(value)} % (95 %: ${text(low)}..${text(high)})`;
};
const ms = (us = Number.NaN) => (us / 1_000).toFixed(2);

/** Returns every driver's question for two pods on two workers of a cluster. */
export function questions(cluster: Cluster, agents: readonly Agent[], port: number): Question[] {
  const [victim, other] = agents;
  if (victim === undefined || other === undefined) throw new OrdealError('USAGE', 'two workers are needed');
  return [...packetQuestions(cluster, victim, port), ...otherQuestions(cluster, { victim, other, port })];
}

function packetQuestions(cluster: Cluster, victim: Agent, port: number): Question[] {
  const pods = [{ namespace: victim.namespace, name: victim.name }];
  const egress = { pods, direction: 'egress' };
  const echoes = async (spec: Partial<EchoSpec>, tell: (echoes: Echoes) => string) => {
    if (cluster.nodeExec === undefined) throw new OrdealError('USAGE', 'the nodes cannot be entered');
    const usual = { kind: 'icmp', to: victim.ip, count: many, everyUs: 500, timeoutMs: 600, bytes: 56 } as const;
    return tell(
      await measureEchoes(cluster.nodeExec, { title: victim.node, node: victim.node }, { ...usual, ...spec }),
    );
  };
  const lost = () => echoes({}, ({ sent, received }) => share(sent - received, sent));
  const late = () =>
    echoes({ count: 400, everyUs: 5_000 }, ({ rttUs, medianUs }) => {
      return `${ms(rttUs[3])} ms median (95 %: ${ms(medianUs[0])}..${ms(medianUs[1])}; p10 ${ms(rttUs[1])}, p90 ${ms(rttUs[5])})`;
    });
  return [
    { driver: 'loss', params: { ...egress, percent: 10 }, asked: '10 % of egress', measure: lost },
    { driver: 'loss', params: { ...egress, percent: 1, mode: 'nth' }, asked: 'every 100th of egress', measure: lost },
    { driver: 'loss', params: { ...egress, percent: 10, mode: 'bursts' }, asked: '10 %, bursts of 5', measure: lost },
    {
      ...{ driver: 'loss', params: { ...egress, percent: 10, ports: [port] }, asked: `10 % of TCP port ${port}` },
      measure: () =>
        echoes({ kind: 'tcp', port, count: 2_000, everyUs: 1_000 }, ({ sent, received }) =>
          share(sent - received, sent),
        ),
    },
    { driver: 'delay', params: { ...egress, ms: 100 }, asked: '100 ms', measure: late },
    { driver: 'delay', params: { ...egress, ms: 100, jitterMs: 20 }, asked: '100 +- 20 ms', measure: late },
    {
      ...{ driver: 'reorder', params: { ...egress, percent: 10 }, asked: '10 %' },
      measure: () => echoes({ everyUs: 1_000 }, ({ sent, reordered }) => share(reordered, sent)),
    },
    {
      ...{ driver: 'duplicate', params: { pods, percent: 10 }, asked: '10 %' },
      measure: () => echoes({}, ({ sent, duplicates }) => share(duplicates, sent)),
    },
    { driver: 'corrupt', params: { ...egress, percent: 10 }, asked: '10 %', measure: lost },
    ...(['egress', 'ingress'] as const).flatMap((direction) =>
      [2_000, 20_000].map((kbit) => ({
        ...{ driver: 'bandwidth', params: { pods, kbit, direction }, asked: `${kbit / 1_000} Mbit/s ${direction}` },
      })),
    ),
    { driver: 'mtu-hole', params: { pods, bytes: 1_000 }, asked: 'nothing above 1000 bytes' },
  ];
}

interface Ends {
  readonly victim: Agent;
  readonly other: Agent;
  readonly port: number;
}

function nodeQuestions({ victim, other }: Pick<Ends, 'victim' | 'other'>): Question[] {
  const pod = { namespace: other.namespace, name: other.name };
  return [
    { driver: 'api-cut', params: { node: victim.node }, asked: 'API server from a worker' },
    { driver: 'kubelet-stop', params: { node: victim.node }, asked: 'stopped' },
    { driver: 'container-signal', params: { ...pod, uid: '', signal: 'STOP' }, asked: 'SIGSTOP' },
    { driver: 'container-signal', params: { ...pod, uid: '', signal: 'KILL' }, asked: 'SIGKILL' },
  ];
}

function otherQuestions(cluster: Cluster, { victim, other, port }: Ends): Question[] {
  const pods = [{ namespace: victim.namespace, name: victim.name }];
  const keptFlow = async () => {
    const probe = { kind: 'tcp' as const, host: victim.ip, port, timeoutMs: 1_000 };
    const sampler = await other.sample({ probe, everyMs: 100, reuse: true });
    return () => sampler.stop();
  };
  const coredns = { namespace: 'kube-system', name: 'coredns' };
  const dns = { driver: 'dns', measure: undefined };
  return [
    { driver: 'isolate', params: { pods }, asked: 'all' },
    { driver: 'isolate', params: { pods, peers: [other.ip] }, asked: 'one peer' },
    { driver: 'isolate', params: { pods, ports: [port], protocol: 'tcp' }, asked: `TCP port ${port}` },
    { driver: 'isolate', params: { pods, ports: [port], protocol: 'udp' }, asked: `UDP port ${port}` },
    { driver: 'isolate', params: { pods, connections: 'new' }, asked: 'new connections' },
    { driver: 'reject', params: { pods, ports: [port] }, asked: 'reset to the pod' },
    { driver: 'reject', params: { pods, direction: 'egress', answer: 'admin-prohibited' }, asked: 'ICMP from the pod' },
    { driver: 'reset', params: { pods, ports: [port] }, asked: 'live connections', before: keptFlow },
    ...['NXDOMAIN', 'SERVFAIL', 'drop'].map((answer) => ({ ...dns, params: { pods, answer }, asked: answer })),
    { ...dns, params: { pods, answer: 'delay', ms: 500 }, asked: '500 ms later' },
    ...['cni-agent', 'kube-proxy', 'kubelet'].map((component) => ({
      ...{ driver: 'component-pause', params: { node: victim.node, component }, asked: component },
    })),
    { driver: 'unready', params: { pods }, asked: 'readiness fails' },
    ...nodeQuestions({ victim, other }),
    { driver: 'scale', params: { ...coredns, replicas: 1 }, asked: 'CoreDNS from 2 to 1' },
    { driver: 'taint', params: { node: other.node }, asked: 'NoSchedule' },
  ];
}
