import type { AgentPort } from '../types.ts';
import { servePerl } from './perl.ts';
import type { Service } from './services.ts';
import { tablesScript } from './tables-perl.ts';
import { codeOf } from './verdict.ts';

/**
 * Serves ports for tables of hundreds: waking a process of Node.js for each of its probes is what a table costs most, so
 * a small helper has them. Resolves with undefined where the image has no Perl; rejects with the system's error code.
 */
export async function serveTables(
  name: string,
  hosts: readonly string[],
  ports: readonly Pick<AgentPort, 'port' | 'protocol'>[],
): Promise<Service | undefined> {
  const places = hosts.flatMap((host) => ports.flatMap(({ port, protocol }) => [protocol, host, port]));
  try {
    return await servePerl(tablesScript, [name, ...places]);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
