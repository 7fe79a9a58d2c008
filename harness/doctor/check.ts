import { checkDocker } from './docker.ts';
import type { HostCheck } from './host-check.ts';
import { thisHost, type Host } from './host.ts';
import { checkKernel } from './kernel.ts';
import { checkMachine } from './machine.ts';
import { checkProducts } from './products.ts';
import { checkTools } from './tools.ts';

/** Returns everything worth knowing about this machine before a run. Changes nothing, throws nothing. */
export async function checkHost(host: Host = thisHost()): Promise<readonly HostCheck[]> {
  const parts = await Promise.all([
    checkDocker(host).then((check) => [check]),
    checkTools(host),
    checkMachine(host),
    checkKernel(host),
    checkProducts(host),
  ]);
  return parts.flat();
}

/** What a run needs of the machine: images built here, and of these some that take a file of a Python wheel. */
export interface Need {
  readonly source: boolean;
  readonly wheels: boolean;
}

/** Returns the checks that stop a run with this need. */
export function blockers(checks: readonly HostCheck[], need: Need): readonly HostCheck[] {
  return checks.filter(({ state, neededBy }) => {
    if (state !== 'missing' || neededBy === 'nothing') return false;
    if (neededBy === 'run') return true;
    return need.source && (neededBy === 'source' || need.wheels);
  });
}
