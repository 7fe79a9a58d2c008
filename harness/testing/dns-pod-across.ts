import { z } from 'zod';
import { execInNode } from '../node/docker.ts';
import { nodeNames } from '../cluster/ownership.ts';

const Pods = z.object({
  items: z.array(z.object({ spec: z.object({ nodeName: z.string() }), status: z.object({ podIP: z.string() }) })),
});

/** Whether a CoreDNS pod answers its health port, asked from a node that it does not run on. */
export async function dnsPodAcross(cluster: string): Promise<boolean> {
  const nodes = await nodeNames(cluster);
  const main = nodes.find((name) => name.endsWith('control-plane')) ?? '';
  const kubectl = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', '--namespace', 'kube-system'];
  const { stdout } = await execInNode(main, [...kubectl, 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'json']);
  const [pod] = Pods.parse(JSON.parse(stdout)).items;
  const asker = nodes.find((name) => name !== pod?.spec.nodeName);
  if (pod === undefined || asker === undefined) throw new Error(`cluster ${cluster} has no DNS pod on another node`);
  const url = `http://${pod.status.podIP}:8080/health`;
  return (await execInNode(asker, ['curl', '--silent', '--max-time', '2', url])).code === 0;
}
