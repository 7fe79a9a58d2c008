import { dockerFinding } from './docker.ts';
import type { Finding } from './finding.ts';
import { thisHost, type Host } from './host.ts';
import { kernelFindings } from './kernel.ts';
import { machineFindings } from './machine.ts';
import { toolFindings } from './tools.ts';

/** Returns everything worth knowing about this machine before a run. Changes nothing, throws nothing. */
export async function checkHost(host: Host = thisHost()): Promise<readonly Finding[]> {
  const parts = await Promise.all([
    dockerFinding(host).then((finding) => [finding]),
    toolFindings(host),
    machineFindings(host),
    kernelFindings(host),
  ]);
  return parts.flat();
}

/** What a run needs of the machine: images built here, a mesh whose sidecar comes as a wheel. */
export interface Need {
  readonly source: boolean;
  readonly istio: boolean;
}

/** Returns the findings that stop a run with this need. */
export function blockers(findings: readonly Finding[], need: Need): readonly Finding[] {
  return findings.filter(({ state, neededBy }) => {
    if (state !== 'missing' || neededBy === 'nothing') return false;
    if (neededBy === 'run') return true;
    return need.source && (neededBy === 'source' || need.istio);
  });
}
