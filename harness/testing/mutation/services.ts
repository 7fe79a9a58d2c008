import { background, everySeconds, nftTable, nodeProgram, onNode } from './changes.ts';
import type { Bed, BedNode, Change, Mutation } from './types.ts';

const services = {
  area: 'services',
  mustNotFail: ['connectivity-pod-to-pod-*-tcp', 'dns-every-server'],
} as const;
const nodePorts = ['services-node-port-from-*', 'services-hold*'];
const clusterIps = ['services-cluster-ip-every-node', 'services-cluster-ip-from-nodes', 'services-hold*'];

/** Every defect of Services; all CNIs here leave them to kube-proxy's iptables rules. */
export const serviceMutations: readonly Mutation[] = [
  {
    ...services,
    ...{ name: 'proxy-stopped-one-node', defect: 'kube-proxy of one node is stopped', ci: true },
    kind: ['{b}'],
    plan: (bed) => [proxyStopped(bed, bed.pair[1])],
    mustFail: clusterIps,
  },
  {
    ...services,
    ...{ name: 'endpoints-frozen', defect: 'kube-proxy is stopped on every node' },
    kind: ['ClusterIP', 'NodePort', 'Service', 'endpoint'],
    plan: (bed) => bed.nodes.map((node) => proxyStopped(bed, node)),
    mustFail: [...clusterIps, 'services-endpoint-added', 'services-unready-removed'],
  },
  {
    ...services,
    ...{ name: 'endpoints-late', defect: 'kube-proxy sleeps 9 of every 10 s, so endpoints change late' },
    kind: ['late', 'ms until', 'still answers', 'budget'],
    plan: proxyDozing,
    mustFail: ['services-endpoint-latency', 'services-endpoint-added', 'services-unready-removed'],
  },
  {
    ...services,
    ...{ name: 'node-port-closed-one-node', defect: 'one node drops what comes to its NodePorts', ci: true },
    kind: ['{b}', 'NodePort'],
    plan: (bed) => nodePortsClosed(bed, { id: 'node-ports', protocols: 'tcp, udp' }),
    mustFail: nodePorts,
    mustNotFail: ['services-cluster-ip-every-node', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'node-port-closed-one-address', defect: 'one node drops what comes to its NodePorts over UDP' },
    kind: ['udp', 'NodePort'],
    plan: (bed) => nodePortsClosed(bed, { id: 'node-ports-udp', protocols: 'udp' }),
    mustFail: nodePorts,
    mustNotFail: ['services-cluster-ip-every-node', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'backend-never-picked', defect: 'one backend of every Service never gets a connection' },
    kind: ['responder', 'answer', 'backend', 'endpoint', 'rotation'],
    plan: (bed) => bent(bed, bed.nodes, 'skip-backend'),
    mustFail: [
      'services-endpoint-added',
      'services-no-affinity-spreads',
      'services-several-endpointslices',
      'services-hold*',
    ],
    mustNotFail: ['services-hairpin', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'backend-never-picked-one-node', defect: 'the same, on one node only' },
    kind: ['{b}', 'responder', 'answer', 'backend', 'endpoint', 'rotation'],
    plan: (bed) => bent(bed, [bed.pair[1]], 'skip-backend'),
    mustFail: [
      'services-endpoint-added',
      'services-no-affinity-spreads',
      'services-several-endpointslices',
      'services-hold*',
    ],
    mustNotFail: ['services-hairpin', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'hairpin-off', defect: 'a pod that reaches itself through its Service is not masqueraded', ci: true },
    kind: ['hairpin', 'own Service', 'itself'],
    plan: hairpinOff,
    mustFail: ['services-hairpin'],
    mustNotFail: ['services-kubernetes-api', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'masquerade-wrong', defect: 'traffic of pods to a ClusterIP gets the address of the node', ci: true },
    kind: ['which saw', 'source', 'address'],
    plan: masqueraded,
    mustFail: ['services-source-ip-kept'],
    mustNotFail: ['services-cluster-ip-every-node', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'no-reject', defect: 'a Service without endpoints drops instead of refusing' },
    kind: ['dropped'],
    plan: notRejected,
    mustFail: ['services-no-endpoints-*'],
    mustNotFail: ['services-cluster-ip-every-node', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'affinity-ignored', defect: 'ClientIP affinity is not kept' },
    kind: ['affinity', 'answered by', 'one pod', 'responder'],
    plan: (bed) => bent(bed, bed.nodes, 'no-affinity'),
    mustFail: ['services-affinity-*'],
    mustNotFail: ['services-cluster-ip-every-node', ...services.mustNotFail],
  },
  {
    ...services,
    ...{ name: 'local-as-cluster', defect: 'externalTrafficPolicy Local is treated as Cluster' },
    kind: ['Local', 'endpoint node', 'open', 'address'],
    plan: (bed) => bent(bed, bed.nodes, 'local-as-cluster'),
    mustFail: ['services-external-traffic-local'],
    mustNotFail: ['services-cluster-ip-every-node', ...services.mustNotFail],
  },
];

/** Kept stopped: whatever starts under that name is stopped too. */
function proxyStopped(bed: Bed, node: BedNode): Change {
  return onNode(bed, {
    ...{ node, id: 'proxy-stopped' },
    apply: 'pkill -STOP -x kube-proxy',
    undo: 'pkill -CONT -x kube-proxy || true',
    gone: '! ps -C kube-proxy -o stat= | grep -q ^T',
  });
}

function proxyDozing(bed: Bed): Change[] {
  const nap = 'pkill -STOP -x kube-proxy; sleep 9; pkill -CONT -x kube-proxy';
  return bed.nodes.map((node) =>
    background(bed, node, 'proxy-dozing', {
      ...{ argv: ['sh', 'SCRIPT'], script: everySeconds(1, nap), after: 'pkill -CONT -x kube-proxy || true' },
    }),
  );
}

/** Before kube-proxy's DNAT, and new flows only: masqueraded flows have answers come back to ports of that range. */
function nodePortsClosed(bed: Bed, { id, protocols }: { id: string; protocols: string }): Change[] {
  const [, closed] = bed.pair;
  const rule = `ct state new ip daddr ${closed.ip} meta l4proto { ${protocols} } th dport 30000-32767 drop`;
  const first = (hook: string) => `chain ${hook} { type filter hook ${hook} priority -150; ${rule}; }`;
  return [nftTable(bed, closed, id, `${first('prerouting')}\n${first('output')}`)];
}

type Bend = 'skip-backend' | 'no-affinity' | 'local-as-cluster';

/** Rules of test Services kept wrong: what kube-proxy writes is changed within a third of a second. */
async function bent(bed: Bed, nodes: readonly BedNode[], mode: Bend): Promise<Change[]> {
  const script = await nodeProgram('service-rules.pl');
  const argv = ['perl', 'SCRIPT', mode];
  const after = 'test ! -e SCRIPT || perl SCRIPT clean';
  return nodes.map((node) => background(bed, node, mode, { argv, script, after }));
}

/** kube-proxy marks what a pod sends to itself for masquerading (bit 14, its default); the mark is lost before it is read. */
function hairpinOff(bed: Bed): Change[] {
  const toService = `ct original ip daddr { ${ofFamily(bed.serviceCidrs, 4)} }`;
  const unmark = `ip saddr { ${ofFamily(bed.podCidrs, 4)} } ${toService} meta mark set meta mark & 0xffffbfff`;
  const chain = `chain post { type filter hook postrouting priority 90; ${unmark}; }`;
  return bed.nodes.map((node) => nftTable(bed, node, 'hairpin', chain));
}

function masqueraded(bed: Bed): Change[] {
  const pods = `ip saddr { ${ofFamily(bed.podCidrs, 4)} }`;
  const chain = `chain post { type nat hook postrouting priority 99; ${pods} ct status dnat masquerade; }`;
  return bed.nodes.map((node) => nftTable(bed, node, 'masquerade', chain));
}

/** After DNAT only a Service without endpoints still has its own address. */
function notRejected(bed: Bed): Change[] {
  const dead = `ip daddr { ${ofFamily(bed.serviceCidrs, 4)} } drop`;
  const chain = (hook: string) => `chain ${hook} { type filter hook ${hook} priority -10; ${dead}; }`;
  return bed.nodes.map((node) => nftTable(bed, node, 'no-reject', `${chain('forward')}\n${chain('output')}`));
}

function ofFamily(cidrs: readonly string[], family: 4 | 6): string {
  return cidrs.filter((cidr) => cidr.includes(':') === (family === 6)).join(', ');
}
