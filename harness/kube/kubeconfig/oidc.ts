import { Agent, request } from 'undici';
import { z } from 'zod';
import { timeoutsInForce } from '../../base/timeouts.ts';
import { bearer } from './bearer.ts';
import type { Placed } from './choose.ts';
import type { Credential } from './credential.ts';
import { readMaterial, refuseOmitted, requireCertificates } from './pem.ts';
import { unusable } from './unusable.ts';

type Config = Readonly<Record<string, string | undefined>>;

interface Tokens {
  readonly idToken: string;
  /** A provider may take each but once, and gives the next with the answer. */
  readonly refreshToken: string;
}

const Claims = z.looseObject({ exp: z.number() });
/** A token is renewed where less than this is left of it. */
const leadMs = 60_000;

/**
 * Returns how to obtain the id-token of the `oidc` provider, refreshed where it has expired. The kubeconfig is not written:
 * what a provider gave is kept for this process. @throws OrdealError USAGE naming the field, at once or when obtaining.
 */
export function oidcCredential({ at, entry }: Placed<Config>, folder: string): () => Promise<Credential> {
  let tokens: Tokens = { idToken: entry['id-token'] ?? '', refreshToken: entry['refresh-token'] ?? '' };
  refuseOmitted(`${at}.id-token`, tokens.idToken);
  refuseOmitted(`${at}.refresh-token`, tokens.refreshToken);
  return async () => {
    if ((expiryOf(tokens.idToken) ?? 0) < Date.now() + leadMs) tokens = await refreshed({ at, entry }, folder, tokens);
    const expiresAt = expiryOf(tokens.idToken);
    return { ...bearer(`${at}.id-token`, tokens.idToken), ...(expiresAt === undefined ? {} : { expiresAt }) };
  };
}

/** Returns when a JSON web token expires, in epoch ms; undefined where it is none. */
function expiryOf(token: string): number | undefined {
  try {
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    return Claims.parse(JSON.parse(claims)).exp * 1_000;
  } catch {
    return undefined;
  }
}

async function refreshed({ at, entry }: Placed<Config>, folder: string, { refreshToken }: Tokens): Promise<Tokens> {
  const issuer = entry['idp-issuer-url'] ?? '';
  const clientId = entry['client-id'] ?? '';
  for (const [field, value] of Object.entries({ 'refresh-token': refreshToken, 'client-id': clientId })) {
    if (value === '') throw unusable(`${at}.id-token`, `it has expired or is none, and there is no ${field}`, signIn);
  }
  if (!URL.canParse(issuer)) throw unusable(`${at}.idp-issuer-url`, 'it is no URL', signIn);
  try {
    return await grant({
      issuer,
      clientId,
      secret: entry['client-secret'],
      refreshToken,
      ca: await caOf(at, entry, folder),
    });
  } catch {
    // What providers answer may quote the tokens they were sent.
    throw unusable(`${at}.refresh-token`, `the provider ${new URL(issuer).host} gave no new id-token for it`, signIn);
  }
}

const signIn = 'Sign in again with the tool that wrote this kubeconfig.';

async function caOf(at: string, entry: Config, folder: string): Promise<string | undefined> {
  const name = 'idp-certificate-authority';
  const ca = await readMaterial({ at, name, file: entry[name], data: entry[`${name}-data`], folder });
  if (ca !== undefined) requireCertificates(`${at}.${name}`, ca);
  return ca;
}

async function grant(wanted: {
  issuer: string;
  clientId: string;
  secret: string | undefined;
  refreshToken: string;
  ca: string | undefined;
}): Promise<Tokens> {
  const oidc = await import('openid-client');
  const { issuer, clientId, secret, refreshToken, ca } = wanted;
  const dispatcher = new Agent({
    connect: { timeout: timeoutsInForce().apiConnectMs, ...(ca === undefined ? {} : { ca }) },
  });
  try {
    const url = new URL(issuer);
    const config = await oidc.discovery(url, clientId, undefined, secret ? undefined : oidc.None(), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- kubectl takes an http issuer too
      execute: url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
      [oidc.customFetch]: async (to, { method, headers, body }) => {
        const sent = body instanceof URLSearchParams ? body.toString() : null;
        const answer = await request(to, {
          method: method === 'POST' ? 'POST' : 'GET',
          headers,
          body: sent,
          dispatcher,
        });
        const type = String(answer.headers['content-type']);
        return new Response(await answer.body.text(), { status: answer.statusCode, headers: { 'content-type': type } });
      },
    });
    const answer = await oidc.refreshTokenGrant(config, refreshToken);
    if (answer.id_token === undefined) throw new Error('no id_token');
    return { idToken: answer.id_token, refreshToken: answer.refresh_token ?? refreshToken };
  } finally {
    await dispatcher.destroy();
  }
}
