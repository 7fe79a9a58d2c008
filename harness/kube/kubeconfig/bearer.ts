import type { Credential } from './credential.ts';
import { unusable } from './unusable.ts';

/** Returns the credential that a token is. @throws OrdealError USAGE for what no HTTP header can hold. */
export function bearer(field: string, token: string): Credential {
  const trimmed = token.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return { headers: { authorization: `Bearer ${trimmed}` } };
  throw unusable(field, 'it holds characters that no token has: spaces, line breaks or others than ASCII');
}
