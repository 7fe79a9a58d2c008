import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { caPem } from './certificates.test-support.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What a kubeconfig of a test differs by; `files` are written beside it, those that begin with #! as programs. */
export interface Shape {
  readonly cluster?: Fields;
  readonly user?: Fields;
  readonly context?: Fields;
  readonly top?: Fields;
  readonly files?: Readonly<Record<string, string>>;
  /** Instead of all that: the file as it is. */
  readonly text?: string;
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Returns the object of a kubeconfig with one cluster, user and context, all of `shape` laid over it. */
export function kubeconfigOf(server: string, { cluster, user, context, top }: Shape): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': base64(caPem), ...cluster } }],
    users: [{ name: 'u', user: user ?? {} }],
    contexts: [{ name: 'k', context: { cluster: 'c', user: 'u', ...context } }],
    'current-context': 'k',
    ...top,
  };
}

/** Writes it and what lies beside it into a folder of its own; returns its path. */
export async function writeKubeconfig(server: string, shape: Shape): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-kubeconfig-'));
  for (const [name, text] of Object.entries(shape.files ?? {})) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    if (text.startsWith('#!')) await chmod(path, 0o755);
  }
  const file = join(folder, 'config');
  await writeFile(file, shape.text ?? stringify(kubeconfigOf(server, shape)));
  return file;
}

/** A plugin of a shell script; `credential` is printed as its answer after `before`. */
export function plugin(status: object, before = ''): string {
  const answer = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  return `#!/bin/sh\n${before}\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`;
}

/** The `exec` section that runs it. */
export function execOf(command: string, more: Fields = {}): Fields {
  return {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command, ...more },
  };
}
