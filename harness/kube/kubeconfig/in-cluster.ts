import { join } from 'node:path';
import type { Kubeconfig } from './schema.ts';
import { unusable } from './unusable.ts';

/** In place of a kubeconfig's name: the cluster of the pod that this process runs in, as its ServiceAccount. */
export const inCluster = 'in-cluster';

/** Where the kubelet puts a ServiceAccount's token and the API server's CA, unless the pod forbids it. */
const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Returns the kubeconfig that a pod's environment amounts to (client-go's rest.InClusterConfig). The token is read from its
 * file again and again: the kubelet renews it. @throws OrdealError USAGE outside a pod.
 */
export function inClusterConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  folder = accountFolder,
): Kubeconfig {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = env;
  if (host === '' || port === '') {
    const remedy = 'Give a kubeconfig file, or run in a pod of the cluster.';
    throw unusable(inCluster, 'KUBERNETES_SERVICE_HOST and _PORT are not set, so this is no pod', remedy);
  }
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    kind: 'Config',
    'current-context': inCluster,
    clusters: [{ name: inCluster, cluster: { server, 'certificate-authority': join(folder, 'ca.crt') } }],
    contexts: [{ name: inCluster, context: { cluster: inCluster, user: inCluster } }],
    users: [{ name: inCluster, user: { tokenFile: join(folder, 'token') } }],
  };
}
