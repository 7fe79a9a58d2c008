import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { hostContext, type BuildContext } from './context.ts';
import { binariesKey, ensureBinaries } from './go-build.ts';
import { exists } from './store.ts';

export type HostTool = 'kind' | 'helm' | 'kubectl' | 'crictl';

/**
 * Returns the path of a tool for this machine: the cached one, else the one on PATH if it is the declared version, else
 * built. @throws OrdealError IMAGE_BUILD.
 */
export async function hostTool(name: HostTool, context: BuildContext = hostContext()): Promise<string> {
  const owner = context.components.find((component) => component.go?.binaries.some((binary) => binary.name === name));
  if (owner === undefined) throw new OrdealError('IMAGE_BUILD', `no component declares the tool ${name}`);
  const cached = context.store.path('bin', `${owner.name}-${await binariesKey(context, owner)}`);
  if (await exists(cached)) return join(cached, name);
  return (await installed(context, name, owner.version)) ?? join(await ensureBinaries(context, owner), name);
}

const versionCommand = {
  kind: ['kind', 'version'],
  helm: ['helm', 'version', '--short'],
  kubectl: ['kubectl', 'version', '--client'],
  crictl: ['crictl', '--version'],
} as const;

async function installed(context: BuildContext, name: HostTool, version: string): Promise<string | undefined> {
  const said = await context.run(name, versionCommand[name]).catch(() => '');
  const exact = new RegExp(`${version.replaceAll('.', '\\.')}(?![0-9])`);
  return exact.test(said) ? name : undefined;
}
