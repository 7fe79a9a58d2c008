import type { KubeObject, ObjectRef } from '../../kube/types.ts';
import { FakeNode } from '../../node/fake-node.test-support.ts';
import { targetOf } from '../target.test-support.ts';

/** What echo.pl says of a path on which nothing is lost. */
export const soundEchoes = {
  ...{ sent: 400, received: 400, refused: 0, unreachable: 0, duplicates: 0, reordered: 0, corrupt: 0 },
  ...{ rttUs: [30, 40, 45, 50, 60, 70, 90, 200], medianUs: [49, 51], tenths: [], spanUs: 399_000 },
};

export const podOfTests = (name: string, ip: string, spec: object = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } },
  spec: { nodeName: 'one', containers: [{ name: 'c', ports: [{ containerPort: 8080 }] }], ...spec },
  status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
});

/** A node with one pod network, whose kernel has all but netem; `answer` more to change that. */
export function packetNode(): FakeNode {
  return new FakeNode()
    .answer(/for f in .var.run.netns/, { stdout: '/var/run/netns/cni-1\n' })
    .answer(/ip -o addr show to/, { stdout: 'eth0\n2: eth0@if7: <UP> mtu 1450 qdisc noqueue\n' })
    .answer(/root netem/, { code: 2, stderr: 'Specified qdisc kind is unknown.' })
    .answer(/perl - (icmp|tcp|udp)/, { stdout: `${JSON.stringify(soundEchoes)}\n` });
}

/** A cluster with the pods of namespace `shop`. */
export function packetTarget(node: FakeNode, pods: readonly KubeObject[] = [podOfTests('web', '10.244.0.5')]) {
  const kube = {
    get: ({ name }: ObjectRef) => Promise.resolve(pods.find(({ metadata }) => metadata.name === name)),
    list: () => Promise.resolve([...pods]),
  };
  const info = { role: 'worker', zone: 'a', kernel: '6', schedulable: true } as const;
  const nodes = [{ ...info, name: 'one', ip: '172.18.0.2', ips: ['172.18.0.2'] }];
  return targetOf({ nodes, exec: node.exec, kube });
}
