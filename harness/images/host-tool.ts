import { join } from 'node:path';
import { OrdealError } from '../errors.ts';
import { hostContext, type BuildContext } from './context.ts';
import { ensureBinaries } from './go-build.ts';

export type HostTool = 'kind' | 'helm' | 'kubectl' | 'crictl';

/** Returns the path of a tool built for this machine, from the cache where it is there. Throws IMAGE_BUILD. */
export async function hostTool(name: HostTool, context: BuildContext = hostContext()): Promise<string> {
  const owner = context.components.find((component) => component.go?.binaries.some((binary) => binary.name === name));
  if (owner === undefined) throw new OrdealError('IMAGE_BUILD', `no component declares the tool ${name}`);
  return join(await ensureBinaries(context, owner), name);
}
