import { request } from 'undici';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import type { Run } from './command.ts';

/** What a registry said within the time given: it works, or why not. */
export type RegistryAnswer = { readonly usable: true } | { readonly usable: false; readonly why: string };

/** A private mirror: `HOST[:PORT][/PREFIX]`. */
export const RegistryName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9][a-z0-9._/-]*)?$/, 'expected HOST[:PORT][/PREFIX]');

/** Returns a checked mirror name without a trailing slash. @throws OrdealError USAGE. */
export function parseRegistry(text: string): string {
  const parsed = RegistryName.safeParse(text.replace(/\/$/, ''));
  if (parsed.success) return parsed.data;
  throw new OrdealError('USAGE', `--registry ${text} is not a registry: ${parsed.error.issues[0]?.message ?? ''}`, {
    remedy: 'give HOST[:PORT][/PREFIX] without a scheme, for example --registry mirror.example:5000/k8s',
  });
}

/** Returns `HOST[:PORT]` of an image reference, as Docker reads it (no host = Docker Hub's). */
export function registryHost(reference: string): string {
  const [first = ''] = reference.split('/');
  const named = reference.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost');
  const host = named ? first : 'docker.io';
  return host === 'docker.io' ? 'registry-1.docker.io' : host;
}

/** Returns the reference under a mirror: the path of the reference, without its own host and without a digest. */
export function mirrored(reference: string, registry: string): string {
  const bare = reference.replace(/@sha256:.*$/, '');
  const [first = '', ...rest] = bare.split('/');
  const hosted = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  return `${registry}/${hosted ? rest.join('/') : bare}`;
}

/** Asks `GET /v2/` of a registry (https, and http on loopback); 200 and 401 both mean a registry is there. */
export async function askRegistry(host: string, timeoutMs: number): Promise<RegistryAnswer> {
  const loopback = /^(localhost|127\.[0-9.]+|\[::1\])(:|$)/.test(host);
  const url = `${loopback ? 'http' : 'https'}://${host}/v2/`;
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(timeoutMs) });
    await answer.body.dump();
    if (answer.statusCode === 200 || answer.statusCode === 401) return { usable: true };
    return { usable: false, why: `${host} answered ${answer.statusCode} to GET /v2/` };
  } catch (cause) {
    return { usable: false, why: `${host} gave no answer in ${timeoutMs} ms (${reason(cause)})` };
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return cause.name;
}

/** Pulls `from`, names it `to` and returns its digest (or image id where the registry gave none). @throws OrdealError IMAGE_BUILD. */
export async function pull(run: Run, from: string, to: string): Promise<string> {
  await run('registry', ['docker', 'pull', '--quiet', from]);
  if (from !== to) await run('registry', ['docker', 'tag', from, to]);
  const format = '{{if .RepoDigests}}{{index .RepoDigests 0}}{{else}}{{.Id}}{{end}}';
  const digest = await run('registry', ['docker', 'image', 'inspect', '--format', format, from]);
  return digest.trim().replace(/^.*@/, '');
}
