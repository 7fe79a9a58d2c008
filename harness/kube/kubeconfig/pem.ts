import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { unusable } from './unusable.ts';

/** A field that holds a file's name, and its twin that holds the bytes. */
export interface Material {
  readonly at: string;
  readonly name: string;
  readonly file: string | undefined;
  readonly data: string | undefined;
  readonly folder: string;
}

const base64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const fromView = ['DATA+OMITTED', 'DATA OMITTED', 'REDACTED'];

/** Refuses what `kubectl config view` puts in place of a secret. @throws OrdealError USAGE */
export function refuseOmitted(field: string, value: string | undefined): void {
  if (value === undefined || !fromView.includes(value.trim())) return;
  throw unusable(
    field,
    `it says ${value.trim()} in place of the data`,
    'Write the file with `kubectl config view --raw`.',
  );
}

/**
 * Returns the text of certificates or of a key; what stands in the file itself goes before the file it names, as with
 * kubectl. Undefined where neither is given. @throws OrdealError USAGE naming the field.
 */
export async function readMaterial({ at, name, file, data, folder }: Material): Promise<string | undefined> {
  if (data !== undefined && data !== '') {
    const field = `${at}.${name}-data`;
    refuseOmitted(field, data);
    if (!base64.test(data)) throw unusable(field, 'it is no base64');
    return Buffer.from(data, 'base64').toString('latin1');
  }
  if (file === undefined || file === '') return undefined;
  return readNamed(`${at}.${name}`, resolve(folder, file));
}

/** Returns the text of a file that a field names. @throws OrdealError USAGE naming both. */
export async function readNamed(field: string, path: string): Promise<string> {
  return readFile(path, 'latin1').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw unusable(field, `the file ${path} cannot be read (${code})`, 'Paths are relative to the kubeconfig.');
  });
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** @throws OrdealError USAGE unless the text holds certificates, every one whole. */
export function requireCertificates(field: string, pem: string): void {
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0) throw unusable(field, 'there is no PEM certificate in it');
  for (const [index, one] of blocks.entries()) {
    try {
      new X509Certificate(one);
    } catch {
      throw unusable(field, `certificate ${index + 1} of ${blocks.length} in it is damaged`);
    }
  }
}

/** @throws OrdealError USAGE unless this is a private key without a passphrase, and that of the certificate. */
export function requirePair(at: string, cert: string, key: string): void {
  requireCertificates(`${at}.client-certificate`, cert);
  const field = `${at}.client-key`;
  if (/ENCRYPTED/.test(key)) throw unusable(field, 'the key has a passphrase, which a kubeconfig cannot give');
  let parsed;
  try {
    parsed = createPrivateKey(key);
  } catch {
    throw unusable(field, 'there is no PEM private key in it');
  }
  if (new X509Certificate(cert).checkPrivateKey(parsed)) return;
  throw unusable(field, 'it is not the key of the certificate beside it');
}
