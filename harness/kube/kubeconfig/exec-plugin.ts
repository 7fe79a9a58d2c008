import { resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { timeoutsInForce } from '../../base/timeouts.ts';
import { bearer } from './bearer.ts';
import type { Placed } from './choose.ts';
import type { Credential } from './credential.ts';
import type { Endpoint } from './endpoint.ts';
import { requirePair } from './pem.ts';
import type { ExecEntry } from './schema.ts';
import { unusable } from './unusable.ts';

const group = 'client.authentication.k8s.io';
const versions = [`${group}/v1`, `${group}/v1beta1`];

const Answer = z.looseObject({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.looseObject({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/**
 * Returns how to obtain a credential from an exec plugin, run without a terminal and within a time limit
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 * @throws OrdealError USAGE naming the field, at once or when obtaining; what the plugin said on stderr is told.
 */
export function execPlugin(
  plugin: Placed<ExecEntry>,
  context: { folder: string; endpoint: Endpoint },
): () => Promise<Credential> {
  const { at, entry } = plugin;
  const { apiVersion = '', command = '', interactiveMode } = entry;
  if (command === '') throw unusable(`${at}.command`, 'it is missing');
  if (!versions.includes(apiVersion)) {
    throw unusable(
      `${at}.apiVersion`,
      `${versions.join(' or ')} is expected`,
      'Update the plugin, or write the file anew.',
    );
  }
  if (interactiveMode === 'Always') {
    throw unusable(`${at}.interactiveMode`, 'Always: the plugin wants a terminal', 'Set IfAvailable or Never.');
  }
  return async () => credentialIn(at, apiVersion, await run(plugin, context));
}

/** Returns what the plugin wrote to stdout. */
async function run(
  { at, entry }: Placed<ExecEntry>,
  { folder, endpoint }: { folder: string; endpoint: Endpoint },
): Promise<string> {
  const { command = '', args = [], env = [], installHint } = entry;
  const timeout = timeoutsInForce().credentialPluginMs;
  // A path is one relative to the kubeconfig; a bare name is looked for on PATH.
  const program = command.includes('/') ? resolve(folder, command) : command;
  const own = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const result = await execa(program, args, {
    env: { ...own, KUBERNETES_EXEC_INFO: JSON.stringify(askingFor(entry, endpoint)) },
    ...({ stdin: 'ignore', reject: false, timeout, killDescendants: true, forceKillAfterDelay: 500 } as const),
  });
  if (!result.failed) return result.stdout;
  const field = `${at}.command`;
  if (result.timedOut) throw unusable(field, `the plugin did not end within ${timeout} ms${said(result.stderr)}`);
  if (result.code === 'ENOENT') throw unusable(field, 'there is no such program', installHint ?? 'Install the plugin.');
  if (result.code === 'EACCES') throw unusable(field, 'the program may not be executed');
  throw unusable(
    field,
    `the plugin ended with ${result.exitCode ?? result.signal ?? 'an error'}${said(result.stderr)}`,
    installHint,
  );
}

const longestSaid = 600;

function said(stderr: string): string {
  const text = stderr
    .trim()
    .slice(-longestSaid)
    .replaceAll(/\s*\n\s*/g, ' ');
  return text === '' ? '' : `; it said: ${text}`;
}

function askingFor({ apiVersion, provideClusterInfo }: ExecEntry, { server, ca, servername, insecure }: Endpoint) {
  const cluster = {
    server: server.href,
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca, 'latin1').toString('base64') }),
    ...(servername === undefined ? {} : { 'tls-server-name': servername }),
    ...(insecure ? { 'insecure-skip-tls-verify': true } : {}),
  };
  const spec = { interactive: false, ...(provideClusterInfo === true ? { cluster } : {}) };
  return { apiVersion, kind: 'ExecCredential', spec };
}

function credentialIn(at: string, apiVersion: string, stdout: string): Credential {
  const field = `${at}.command`;
  const answer = Answer.safeParse(jsonIn(stdout));
  if (!answer.success) throw unusable(field, 'the plugin wrote no ExecCredential with a status to stdout');
  if (answer.data.apiVersion !== apiVersion)
    throw unusable(field, `the plugin answered in another version than ${apiVersion}`);
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = answer.data.status;
  const until = Date.parse(expirationTimestamp ?? '');
  const expiry = Number.isNaN(until) ? {} : { expiresAt: until };
  if (cert !== undefined && key !== undefined) {
    requirePair(field, cert, key);
    return { headers: {}, ...(token === undefined ? {} : bearer(field, token)), pair: { cert, key }, ...expiry };
  }
  if (token === undefined || token === '')
    throw unusable(field, 'the plugin gave neither a token nor a certificate with key');
  return { ...bearer(field, token), ...expiry };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
