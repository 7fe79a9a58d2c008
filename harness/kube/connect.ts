import { timeoutsInForce } from '../base/timeouts.ts';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { ApiKube } from './client.ts';
import { socketOpener } from './sockets.ts';
import { connectionsAtOnce, Transport } from './transport.ts';
import type { Kube } from './types.ts';

const material = z.union([z.string(), z.instanceof(Uint8Array)]).optional();
const Credentials = z.object({
  ca: material,
  cert: material,
  key: material,
  passphrase: z.string().optional(),
  servername: z.string().optional(),
  rejectUnauthorized: z.boolean().optional(),
  auth: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
});
type Credentials = z.infer<typeof Credentials>;

const keepAliveMs = 60_000;

/**
 * Returns the Kube of one cluster. `kubeconfig` is a file's path or the YAML itself; nothing is read from, or written
 * to, the user's own kubeconfig. REST calls share one dispatcher: client-node makes one for each request, which costs a
 * TLS handshake a call. @throws OrdealError USAGE on an unreadable or malformed kubeconfig or an unknown context.
 */
export async function connect(kubeconfig: string, context?: string): Promise<Kube> {
  const config = await loadConfig(kubeconfig, context);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw unusable(`its context ${config.currentContext} names no cluster`);
  const dispatcher = await dispatcherOf(config, cluster.proxyUrl);
  const { server } = cluster;
  const transport = new Transport({ server, dispatcher, authorize: async () => headersOf(await credentials(config)) });
  const openSocket = await socketOpener(config, server);
  return new ApiKube({ transport, openSocket, close: () => dispatcher.destroy() });
}

/** Returns the name of the context `connect` would use. @throws OrdealError USAGE like `connect`. */
export async function contextName(kubeconfig: string, context?: string): Promise<string> {
  return (await loadConfig(kubeconfig, context)).currentContext;
}

async function loadConfig(kubeconfig: string, context: string | undefined): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const isYaml = kubeconfig.includes('\n') || kubeconfig.trimStart().startsWith('{');
  const text = isYaml ? kubeconfig : await readConfig(kubeconfig);
  try {
    config.loadFromString(text);
  } catch (cause) {
    throw unusable('it cannot be parsed', cause);
  }
  if (!isYaml) config.makePathsAbsolute(dirname(kubeconfig));
  chooseContext(config, context);
  return config;
}

async function readConfig(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OrdealError('USAGE', `the kubeconfig ${file} cannot be read`, {
      remedy: 'Give an existing, readable file to --kubeconfig.',
      cause,
    });
  });
}

function chooseContext(config: KubeConfig, context: string | undefined): void {
  const names = config.getContexts().map(({ name }) => name);
  const wanted = context ?? config.currentContext;
  if (!names.includes(wanted)) {
    const known = names.length === 0 ? 'it has no contexts' : `it has ${names.join(', ')}`;
    throw unusable(`there is no context ${JSON.stringify(wanted)}; ${known}`);
  }
  config.setCurrentContext(wanted);
}

function unusable(why: string, cause?: unknown): OrdealError {
  const remedy = 'Check the file with `kubectl config view --kubeconfig FILE`; choose a context with --context.';
  return new OrdealError('USAGE', `the kubeconfig is not usable: ${why}`, { remedy, cause });
}

async function credentials(config: KubeConfig): Promise<Credentials> {
  const options: Record<string, unknown> = {};
  await config.applyToHTTPSOptions(options);
  return Credentials.parse(options);
}

function headersOf({ headers = {}, auth }: Credentials): Record<string, string> {
  if (auth === undefined) return headers;
  return { ...headers, authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
}

async function dispatcherOf(config: KubeConfig, proxyUrl: string | undefined): Promise<Dispatcher> {
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = await credentials(config);
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key, passphrase, servername, rejectUnauthorized }).filter(([, it]) => it !== undefined),
  );
  const connectOptions = { ...tls, timeout: timeoutsInForce().apiConnectMs, keepAlive: true };
  const shared = { keepAliveTimeout: keepAliveMs, allowH2: false, connections: connectionsAtOnce };
  if (proxyUrl === undefined || proxyUrl === '') return new Agent({ ...shared, connect: connectOptions });
  return new ProxyAgent({ uri: proxyUrl, requestTls: tls, ...shared });
}
