import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { isIPv4 } from 'node:net';
import * as nodeTls from 'node:tls';
import { Agent, EnvHttpProxyAgent, ProxyAgent, type Dispatcher } from 'undici';
import { timeoutsInForce } from '../base/timeouts.ts';
import type { Credential, Credentials } from './kubeconfig/credential.ts';
import type { Endpoint } from './kubeconfig/endpoint.ts';
import { repeating } from './repeat.ts';

/** Requests to one API server at once. */
export const requestsAtOnce = 16;
/** Streams of lines stay open beside them, commonly one: the pods of a run. */
const streamsAtOnce = 4;
export const connectionsAtOnce = requestsAtOnce + streamsAtOnce;

const keepAliveMs = 60_000;

/** One user's way to one API server: what goes over it, and what shows who asks. */
export class Connection {
  readonly endpoint: Endpoint;
  private readonly credentials: Credentials;
  private readonly tls: {
    readonly ca?: string | string[];
    readonly servername?: string;
    readonly rejectUnauthorized?: false;
  };
  private opened: { readonly pair: string; readonly plain: Dispatcher; readonly repeating: Dispatcher } | undefined;

  constructor(endpoint: Endpoint, credentials: Credentials) {
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.tls = tlsOf(endpoint);
  }

  /** Where this endpoint is, without anything secret. */
  get server(): string {
    return this.endpoint.server.href.replace(/\/$/, '');
  }

  credential(): Promise<Credential> {
    return this.credentials.current();
  }

  /** Returns another credential in place of a refused one; undefined where there is none. */
  renew(refused: Credential): Promise<Credential | undefined> {
    return this.credentials.renew(refused);
  }

  /** Returns what sends requests; `repeats` what the API server asks to be sent again. Shared while the certificate stays. */
  dispatcher({ pair }: Credential, repeats: boolean): Dispatcher {
    const key = pair?.cert ?? '';
    if (this.opened?.pair !== key) {
      // What is under way may end.
      void this.opened?.plain.close().catch(() => undefined);
      const plain = dispatcherOf(this.endpoint, { ...this.tls, ...pair });
      this.opened = { pair: key, plain, repeating: repeating(plain) };
    }
    return repeats ? this.opened.repeating : this.opened.plain;
  }

  /** Returns what a WebSocket to this endpoint is made with. */
  async socketOptions({ headers, pair }: Credential) {
    return { headers, ...this.tls, ...pair, agent: await socketAgentOf(this.endpoint) };
  }

  async close(): Promise<void> {
    await this.opened?.plain.destroy();
  }
}

/** Absent before Node 22.15, which goes by what it brings and NODE_EXTRA_CA_CERTS alone. */
const { getCACertificates } = nodeTls as Partial<typeof nodeTls>;

/** Like kubectl, which goes by what the machine trusts. */
function trustedHere(): string[] | undefined {
  return getCACertificates && [...getCACertificates('default'), ...getCACertificates('system')];
}

function tlsOf({ ca, servername, insecure, server }: Endpoint) {
  if (server.protocol === 'http:') return {};
  const trusted = ca ?? (insecure ? undefined : trustedHere());
  return {
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...(servername === undefined ? {} : { servername }),
    ...(insecure ? { rejectUnauthorized: false as const } : {}),
  };
}

function dispatcherOf({ server, proxy }: Endpoint, tls: object): Dispatcher {
  const shared = { keepAliveTimeout: keepAliveMs, allowH2: false, connections: connectionsAtOnce };
  const connect = { ...tls, timeout: timeoutsInForce().apiConnectMs, keepAlive: true };
  if (proxy !== undefined) return new ProxyAgent({ ...shared, uri: proxy.href, requestTls: tls });
  if (isLoopback(server.hostname)) return new Agent({ ...shared, connect });
  return new EnvHttpProxyAgent({ ...shared, connect, requestTls: tls });
}

/** A WebSocket goes through the same proxy as a request. */
async function socketAgentOf({ server, proxy }: Endpoint): Promise<HttpAgent | HttpsAgent | undefined> {
  const secured = server.protocol === 'https:';
  if (proxy?.protocol === 'socks5:') {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    return new SocksProxyAgent(proxy);
  }
  if (proxy === undefined && isLoopback(server.hostname)) return undefined;
  const proxyEnv = proxy === undefined ? process.env : { HTTP_PROXY: proxy.href, HTTPS_PROXY: proxy.href };
  // Since Node 22.21; its types come later.
  const options: AgentOptions & { proxyEnv: NodeJS.ProcessEnv } = { proxyEnv };
  return secured ? new HttpsAgent(options) : new HttpAgent(options);
}

/** Go, and so kubectl, never asks a proxy of the environment for this machine itself. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
