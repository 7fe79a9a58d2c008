import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import { inCluster, inClusterConfig } from './in-cluster.ts';
import { Kubeconfig } from './schema.ts';
import { unusable } from './unusable.ts';

/** A kubeconfig and the folder that paths in it start from. */
export interface KubeconfigFile {
  readonly config: Kubeconfig;
  readonly folder: string;
}

/** Whether this is a kubeconfig's text where a file's name belongs; it is never printed then. */
export function isInlineYaml(kubeconfig: string): boolean {
  return /[\n{]|^\s*(apiVersion|kind|clusters|users|contexts)\s*:/.test(kubeconfig);
}

/**
 * Reads a kubeconfig from its file, or takes `in-cluster` for that of this pod. @throws OrdealError USAGE for text in place of a file's name, an unreadable file, or
 * one that is no kubeconfig: with line and column or field, never with what stands there.
 */
export async function readKubeconfig(file: string): Promise<KubeconfigFile> {
  if (isInlineYaml(file)) {
    throw new OrdealError('USAGE', '--kubeconfig takes the name of a file, not the text of one', {
      remedy: 'Command lines are seen by others and kept in logs: put it into a file that only you can read.',
    });
  }
  if (file === inCluster) return { config: inClusterConfig(), folder: '/' };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new OrdealError('USAGE', `the kubeconfig ${file} cannot be read (${code})`, {
      remedy: 'Give an existing, readable file to --kubeconfig.',
    });
  });
  return { config: parseKubeconfig(text), folder: dirname(resolve(file)) };
}

/** Returns the text of a kubeconfig as data. @throws OrdealError USAGE as `readKubeconfig` does. */
export function parseKubeconfig(text: string): Kubeconfig {
  const value = valueOf(text);
  if (value === null || value === undefined) throw unusable('file', 'it is empty');
  const parsed = Kubeconfig.safeParse(value);
  if (!parsed.success) throw unfit(parsed.error);
  const { kind, clusters, contexts } = parsed.data;
  if ((kind === undefined || kind === 'Config') && (clusters ?? contexts) !== undefined) return parsed.data;
  throw unusable('file', 'it is no kubeconfig: `kind: Config` with `clusters` and `contexts` is expected');
}

/** As `kubectl` reads it: YAML 1.1, of which JSON is a part. A key that stands twice counts as it stands last. */
function valueOf(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false, lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw unusable(`line ${line}, column ${col}`, `no YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`);
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw unusable('file', 'no YAML: an alias leads nowhere, or to too much');
  }
}

function unfit({ issues: [issue] }: z.ZodError): OrdealError {
  const field = (issue?.path ?? []).reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${String(key)}`),
    '',
  );
  const wanted = issue?.code === 'invalid_type' ? (kinds[issue.expected] ?? issue.expected) : 'something else';
  const quotes = wanted === 'text' ? '; put a number or yes/no that is meant as text into quotes' : '';
  return unusable(field === '' ? 'file' : field, `${wanted} is expected${quotes}`);
}

const kinds: Readonly<Record<string, string | undefined>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map of fields',
};
