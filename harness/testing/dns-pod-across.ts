import { z } from 'zod';
import { execInNode } from '../node/docker.ts';
import { nodeNames } from '../cluster/ownership.ts';

const Pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ nodeName: z.string() }),
      status: z.object({ podIP: z.string() }),
    }),
  ),
});

/** Returns name, node and address of each CoreDNS pod. */
export async function dnsPods(cluster: string) {
  const { stdout } = await kubectl(
    cluster,
    '--namespace',
    'kube-system',
    'get',
    'pods',
    '-l',
    'k8s-app=kube-dns',
    '-o',
    'json',
  );
  return Pods.parse(JSON.parse(stdout)).items.map(({ metadata, spec, status }) => ({
    ...{ name: metadata.name, node: spec.nodeName, ip: status.podIP },
  }));
}

/** Runs kubectl on the control plane node. */
export async function kubectl(cluster: string, ...argv: string[]) {
  const main = (await nodeNames(cluster)).find((name) => name.endsWith('control-plane')) ?? '';
  return execInNode(main, ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', ...argv]);
}

/** Returns a CoreDNS pod, and a node that it does not run on. */
export async function dnsEnds(cluster: string) {
  const [pod] = (await dnsPods(cluster)).sort((one, other) => one.name.localeCompare(other.name));
  const asker = (await nodeNames(cluster)).find((name) => name !== pod?.node);
  if (pod === undefined || asker === undefined) throw new Error(`cluster ${cluster} has no DNS pod on another node`);
  return { pod, asker };
}

/** Whether a CoreDNS pod answers its health port, asked from a node that it does not run on. */
export async function dnsPodAcross(cluster: string): Promise<boolean> {
  const { pod, asker } = await dnsEnds(cluster);
  const url = `http://${pod.ip}:8080/health`;
  return (await execInNode(asker, ['curl', '--silent', '--max-time', '2', url])).code === 0;
}
