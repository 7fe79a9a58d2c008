import { z } from 'zod';
import { Timeouts } from '../../base/timeouts.ts';
import { OrdealError } from '../../base/errors.ts';
import { netnsOf } from '../../node/netns.ts';
import { delayed } from './delay.ts';
import {
  Corefile,
  corednsDeployment,
  corednsScaled,
  corefileEdited,
  corefileMap,
  dnsService,
  edited,
  objects,
} from './objects.ts';
import { onNode } from './changes.ts';
import type { Bed, Change, Mutation } from './types.ts';

const { workloadReadyMs } = Timeouts.parse({});
const dns = { area: 'dns', mustNotFail: ['connectivity-pod-to-pod-*-tcp'] } as const;
const lookups = ['dns-cluster-name', 'dns-service-address', 'dns-hold'];

/** Every defect of cluster DNS; all but one are put into CoreDNS or its Service, so they are the same on every CNI. */
export const dnsMutations: readonly Mutation[] = [
  {
    ...dns,
    ...{ name: 'dns-gone', defect: 'CoreDNS has no pods', ci: true },
    kind: ['refused', 'dropped', 'unreachable', 'no answer', 'EPERM'],
    plan: (bed) => [corednsScaled(bed, 0)],
    mustFail: lookups,
  },
  {
    ...dns,
    ...{ name: 'dns-zone-missing', defect: 'CoreDNS does not serve the cluster domain' },
    kind: ['NXDOMAIN', 'SERVFAIL', 'REFUSED', 'dropped'],
    plan: (bed) => [
      corefileEdited(bed, (text) => text.replace('kubernetes cluster.local', 'kubernetes cluster.other')),
    ],
    mustFail: lookups,
  },
  {
    ...dns,
    ...{ name: 'dns-one-replica-bad', defect: 'one of two DNS servers does not know the cluster domain', ci: true },
    kind: ['NXDOMAIN', 'SERVFAIL', 'REFUSED'],
    plan: oneReplicaBad,
    mustFail: ['dns-every-server', ...lookups],
  },
  {
    ...dns,
    ...{ name: 'dns-slow', defect: 'DNS answers take 1.9 s' },
    kind: ['slow', 'late', 'delay', 'budget'],
    plan: slow,
    mustFail: lookups,
  },
  {
    ...dns,
    ...{ name: 'dns-stale', defect: 'DNS answers are kept for an hour' },
    kind: ['did not settle', 'still', 'stale', 'ttl', 'NOERROR'],
    plan: (bed) => [corefileEdited(bed, staleCorefile)],
    mustFail: ['dns-service-deleted', 'dns-headless-follows-readiness', 'dns-external-name'],
    mustNotFail: ['dns-cluster-name', ...dns.mustNotFail],
  },
  {
    ...dns,
    ...{ name: 'dns-udp-only', defect: 'the DNS Service has no TCP port' },
    kind: ['tcp'],
    plan: (bed) => [dnsPorts(bed, 'UDP')],
    mustFail: ['dns-cluster-name', 'dns-large-answer'],
    mustNotFail: ['dns-search-path-own-namespace', ...dns.mustNotFail],
  },
  {
    ...dns,
    ...{ name: 'dns-tcp-only', defect: 'the DNS Service has no UDP port', ci: true },
    kind: ['udp', 'dropped', 'refused', 'EAI_AGAIN', 'resolve'],
    plan: (bed) => [dnsPorts(bed, 'TCP')],
    mustFail: lookups,
  },
  {
    ...dns,
    ...{ name: 'dns-reverse-missing', defect: 'CoreDNS serves no reverse zone' },
    kind: ['PTR', 'in-addr.arpa', 'reverse'],
    plan: (bed) => [corefileEdited(bed, (text) => text.replace(/ in-addr\.arpa ip6\.arpa(?= \{)/, ''))],
    mustFail: ['dns-reverse-service'],
    mustNotFail: ['dns-cluster-name', ...dns.mustNotFail],
  },
  {
    ...dns,
    ...{ name: 'dns-search-path-one-node', defect: 'the kubelet of one node gives pods a wrong search path' },
    kind: ['cluster.wrong', '{b}', 'search', 'NXDOMAIN', 'ENOTFOUND'],
    plan: (bed) => [wrongClusterDomain(bed)],
    mustFail: ['dns-search-path', 'dns-host-network', 'dns-search-path-own-namespace'],
    mustNotFail: ['dns-service-deleted', ...dns.mustNotFail],
  },
  {
    ...dns,
    ...{ name: 'dns-servfail', defect: 'CoreDNS answers SERVFAIL for the cluster domain' },
    kind: ['SERVFAIL'],
    plan: (bed) => [corefileEdited(bed, servfailCorefile)],
    mustFail: lookups,
  },
];

/** A second Deployment behind the DNS Service, with a Corefile of its own that lacks the zone, in place of one pod. */
async function oneReplicaBad(bed: Bed): Promise<Change[]> {
  const good = z
    .looseObject({
      spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({}), metadata: z.looseObject({}) }) }),
    })
    .parse(await bed.kube.get(corednsDeployment));
  const { data } = Corefile.parse(await bed.kube.get(corefileMap));
  const name = 'ordeal-mutation-coredns';
  const labels = { 'k8s-app': 'kube-dns', 'ordeal.dev/mutation': 'bad-replica' };
  const namespace = 'kube-system';
  const volumes = [{ name: 'config-volume', configMap: { name, items: [{ key: 'Corefile', path: 'Corefile' }] } }];
  const bad = { Corefile: data.Corefile.replace('kubernetes cluster.local', 'kubernetes cluster.other') };
  const template = { metadata: { labels }, spec: { ...good.spec.template.spec, volumes, affinity: null } };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } };
  const second = objects(bed, 'a DNS server without the zone', [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: bad },
    {
      ...deployment,
      spec: { replicas: 1, selector: { matchLabels: { 'ordeal.dev/mutation': 'bad-replica' } }, template },
    },
  ]);
  const ready = () => bed.kube.untilRolledOut({ ...deployment, namespace, name }, workloadReadyMs);
  return [corednsScaled(bed, 1), { ...second, apply: () => second.apply().then(ready) }];
}

const DnsPod = z.looseObject({
  spec: z.looseObject({ nodeName: z.string() }),
  status: z.looseObject({ podIP: z.string() }),
});

/** Answers of every DNS pod are held back in its own network: Cilium's never pass iptables of the node. */
async function slow(bed: Bed): Promise<Change[]> {
  const query = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' };
  const pods = (await bed.kube.list(query)).map((pod) => DnsPod.parse(pod));
  return Promise.all(
    pods.map(async ({ spec, status }, index) => {
      const node = bed.nodes.find(({ name }) => name === spec.nodeName);
      if (node === undefined)
        throw new OrdealError('FAULT', `a DNS pod runs on ${spec.nodeName}, which is no node of the bed`);
      const netns = await netnsOf(bed.exec, node.name, status.podIP);
      return delayed(bed, node, {
        id: `dns-slow-${index}`,
        ms: 1_900,
        match: ['-p udp --sport 53', '-p tcp --sport 53'],
        netns,
      });
    }),
  );
}

/** Also without kubeadm's exception, by which nothing of the cluster's own zone is kept. */
export function staleCorefile(text: string): string {
  const kept = text
    .replace(/^ *disable (success|denial) .*\n/gm, '')
    .replace(/ttl \d+/, 'ttl 3600')
    .replace(/cache \d+( \{)?/, 'cache 3600 {\n      success 9984 3600 3600\n      denial 9984 3600 3600');
  return /cache \d+ \{/.test(text) ? kept : kept.replace(/(denial 9984 3600 3600)/, '$1\n    }');
}

function servfailCorefile(text: string): string {
  const template = 'template ANY ANY cluster.local {\n      rcode SERVFAIL\n    }\n    kubernetes cluster.local';
  return text.replace('kubernetes cluster.local', template);
}

const Ports = z.object({ spec: z.object({ ports: z.array(z.looseObject({ protocol: z.string() })) }) });

function dnsPorts(bed: Bed, only: 'UDP' | 'TCP'): Change {
  return edited(bed, {
    ref: dnsService,
    fields: Ports,
    edit: ({ spec }) => ({ spec: { ports: spec.ports.filter(({ protocol }) => protocol === only) } }),
  });
}

/** Pods that start from now on are told the wrong domain; the kubelet reads its file when it starts. */
function wrongClusterDomain(bed: Bed): Change {
  const file = '/var/lib/kubelet/config.yaml';
  const restart = 'systemctl restart kubelet';
  const swap = (from: string, to: string) =>
    `sed -i 's/^clusterDomain: ${from}$/clusterDomain: ${to}/' ${file} && ${restart}`;
  return onNode(bed, {
    ...{ node: bed.pair[1], id: 'dns-search-path' },
    apply: `grep -q '^clusterDomain: cluster.local$' ${file} && ${swap('cluster.local', 'cluster.wrong')}`,
    undo: `! grep -q cluster.wrong ${file} || { ${swap('cluster.wrong', 'cluster.local')}; }`,
    gone: `! grep -q cluster.wrong ${file} && systemctl is-active --quiet kubelet`,
  });
}
