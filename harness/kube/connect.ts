import { Connection } from './connection.ts';
import { ApiKube } from './client.ts';
import { chooseContext } from './kubeconfig/choose.ts';
import { Credentials } from './kubeconfig/credential.ts';
import { endpointOf } from './kubeconfig/endpoint.ts';
import { readKubeconfig } from './kubeconfig/parse.ts';
import { credentialOf } from './kubeconfig/user.ts';
import { socketOpener } from './sockets.ts';
import { Transport } from './transport.ts';
import type { Kube } from './types.ts';

/**
 * Returns the Kube of one cluster. Nothing is read from, or written to, the user's own kubeconfig. What the file says is
 * checked and a credential obtained; the API server is not asked yet. @throws OrdealError USAGE naming the field that
 * cannot be used, and the remedy.
 */
export async function connect(file: string, context?: string): Promise<Kube> {
  const { config, folder } = await readKubeconfig(file);
  const { cluster, user } = chooseContext(config, context);
  const endpoint = await endpointOf(cluster, folder);
  const credentials = new Credentials(await credentialOf(user, { folder, endpoint }));
  await credentials.current();
  const connection = new Connection(endpoint, credentials);
  return new ApiKube({
    transport: new Transport(connection),
    openSocket: socketOpener(connection),
    close: () => connection.close(),
  });
}

/** Returns the context `connect` would use and its API server, nothing secret. @throws OrdealError USAGE like `connect`. */
export async function contextOf(file: string, context?: string): Promise<{ context: string; server: string }> {
  const { config, folder } = await readKubeconfig(file);
  const chosen = chooseContext(config, context);
  const { origin, pathname } = (await endpointOf(chosen.cluster, folder)).server;
  return { context: chosen.context, server: `${origin}${pathname.replace(/\/$/, '')}` };
}
