import { resolve } from 'node:path';
import { bearer } from './bearer.ts';
import type { Placed } from './choose.ts';
import type { Credential } from './credential.ts';
import type { Endpoint } from './endpoint.ts';
import { execPlugin } from './exec-plugin.ts';
import { oidcCredential } from './oidc.ts';
import { readMaterial, readNamed, refuseOmitted, requirePair } from './pem.ts';
import type { AuthProviderEntry, UserEntry } from './schema.ts';
import { unusable } from './unusable.ts';

export interface UserContext {
  /** The kubeconfig's. */
  readonly folder: string;
  readonly endpoint: Endpoint;
}

/** client-go reads a token's file again after a minute; the lead of `Credentials` is on top. */
const tokenFileMs = 90_000;

/**
 * Returns how to obtain the credential of a user entry; none at all is anonymous. What the entry says of itself is checked
 * at once. @throws OrdealError USAGE naming the field, here or when obtaining.
 */
export async function credentialOf(
  user: Placed<UserEntry> | undefined,
  context: UserContext,
): Promise<() => Promise<Credential>> {
  if (user === undefined) return () => Promise.resolve({ headers: {} });
  const { at, entry } = user;
  refuseSeveral(at, entry);
  const pair = await pairOf(user, context.folder);
  const impersonated = impersonation(entry);
  const obtain = sourceOf(user, context);
  return async () => {
    const own = await obtain();
    const chosen = own.pair ?? pair;
    return { ...own, headers: { ...own.headers, ...impersonated }, ...(chosen === undefined ? {} : { pair: chosen }) };
  };
}

function sourceOf({ at, entry }: Placed<UserEntry>, context: UserContext): () => Promise<Credential> {
  const { token, tokenFile, username, password = '', exec } = entry;
  const provider = entry['auth-provider'];
  refuseOmitted(`${at}.token`, token);
  refuseOmitted(`${at}.password`, password);
  // As in client-go the file goes before the token beside it, which is what it once said.
  if (isGiven(tokenFile)) return () => fileToken(`${at}.tokenFile`, resolve(context.folder, tokenFile));
  if (isGiven(token)) return () => Promise.resolve(bearer(`${at}.token`, token));
  if (isGiven(username)) {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return () => Promise.resolve({ headers: { authorization } });
  }
  if (exec !== undefined) return execPlugin({ at: `${at}.exec`, entry: exec }, context);
  if (provider !== undefined) return providerOf({ at: `${at}.auth-provider`, entry: provider }, context.folder);
  return () => Promise.resolve({ headers: {} });
}

const isGiven = (value: string | undefined): value is string => value !== undefined && value !== '';

function refuseSeveral(at: string, entry: UserEntry): void {
  const kinds = [
    isGiven(entry.token) || isGiven(entry.tokenFile) ? 'token' : '',
    isGiven(entry.username) ? 'username' : '',
    entry.exec === undefined ? '' : 'exec',
    entry['auth-provider'] === undefined ? '' : 'auth-provider',
  ].filter((kind) => kind !== '');
  if (kinds.length > 1)
    throw unusable(at, `it has ${kinds.join(' and ')}`, 'Leave one way to authenticate, and take the others away.');
}

async function fileToken(field: string, path: string): Promise<Credential> {
  const token = (await readNamed(field, path)).trim();
  if (token === '') throw unusable(field, `the file ${path} is empty`);
  return { ...bearer(field, token), expiresAt: Date.now() + tokenFileMs };
}

async function pairOf({ at, entry }: Placed<UserEntry>, folder: string): Promise<Credential['pair']> {
  const read = (name: 'client-certificate' | 'client-key') =>
    readMaterial({ at, name, file: entry[name], data: entry[`${name}-data`], folder });
  const [cert, key] = await Promise.all([read('client-certificate'), read('client-key')]);
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw unusable(`${at}.client-certificate`, 'it is missing, and there is a client-key');
  if (key === undefined) throw unusable(`${at}.client-key`, 'it is missing, and there is a client-certificate');
  requirePair(at, cert, key);
  return { cert, key };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
function impersonation(entry: UserEntry): Credential['headers'] {
  const extra = Object.entries(entry['as-user-extra'] ?? {});
  return {
    ...(isGiven(entry.as) ? { 'impersonate-user': entry.as } : {}),
    ...(isGiven(entry['as-uid']) ? { 'impersonate-uid': entry['as-uid'] } : {}),
    ...(entry['as-groups'] === undefined ? {} : { 'impersonate-group': entry['as-groups'] }),
    ...Object.fromEntries(extra.map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values])),
  };
}

const successors: Readonly<Record<string, string | undefined>> = {
  gcp: 'Install gke-gcloud-auth-plugin and run `gcloud container clusters get-credentials` again.',
  azure: 'Run `kubelogin convert-kubeconfig`.',
};

function providerOf({ at, entry }: Placed<AuthProviderEntry>, folder: string): () => Promise<Credential> {
  if (entry.name === 'oidc') return oidcCredential({ at: `${at}.config`, entry: entry.config ?? {} }, folder);
  const known = successors[entry.name ?? ''];
  if (known !== undefined) throw unusable(`${at}.name`, `Kubernetes 1.26 took the provider ${entry.name} away`, known);
  throw unusable(`${at}.name`, 'there is no such provider', 'Use oidc, or an exec plugin.');
}
