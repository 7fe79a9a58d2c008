import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import { healthEffect } from '../health.ts';
import type { FaultDriver } from '../driver.ts';
import { tableOf } from '../partition/nftables.ts';
import { nodeAccess } from '../pod/victims.ts';

const Params = z.strictObject({
  node: z.string().describe('the node from which the API server cannot be reached'),
  port: z.int().min(1).max(65_535).default(6_443).describe('where the API server listens'),
});
type Params = z.infer<typeof Params>;

/**
 * Loses what a node and its pods send to the API server, and its answers: kubelet, kube-proxy and the CNI's agent of that
 * node go on with what they know. Seen from the node: the API server does not answer.
 */
export const apiCut: FaultDriver<Params> = {
  name: 'api-cut',
  summary: 'makes the API server unreachable from a node',
  targets: 'node',
  params: Params,
  needs: ['NodeAccess'],
  plan(target, { node, port }) {
    const exec = nodeAccess(target, 'api-cut');
    const servers = target.info.nodes.filter(({ role }) => role === 'control-plane');
    const [server] = servers;
    if (server === undefined)
      throw new OrdealError('FAULT', 'the fault api-cut: no node of the control plane is known');
    if (!target.info.nodes.some(({ name }) => name === node)) {
      throw new OrdealError('USAGE', `parameters of the fault api-cut: there is no node ${node}`);
    }
    if (servers.some(({ name }) => name === node)) {
      throw new OrdealError('USAGE', `parameters of the fault api-cut: ${node} runs the API server itself`);
    }
    const addresses = servers.flatMap(({ ips }) => ips);
    const url = `https://${server.ip.includes(':') ? `[${server.ip}]` : server.ip}:${port}/livez`;
    return Promise.resolve({
      title: `API server unreachable from ${node}`,
      way: 'nftables',
      acts: (id) => {
        const table = `inet ${tableOf(id)}`;
        return [
          {
            site: { node },
            apply: 'nft -f -',
            stdin: apiTable(table, addresses, port),
            undo: `nft delete table ${table} 2>/dev/null || ! nft list table ${table} >/dev/null 2>&1`,
            isApplied: `nft list table ${table} >/dev/null`,
          },
        ];
      },
      effect: healthEffect(exec, { askedFrom: node, url }),
    });
  },
};

/** After address translation: the ClusterIP of the API server is its node's address by then. */
function apiTable(table: string, addresses: readonly string[], port: number): string {
  const family = (v6: boolean) => addresses.filter((ip) => ip.includes(':') === v6);
  const rule = (name: 'ip' | 'ip6', ips: readonly string[]) =>
    ips.length === 0 ? [] : [`    ${name} daddr { ${ips.join(', ')} } tcp dport ${port} counter drop`];
  const rules = [...rule('ip', family(false)), ...rule('ip6', family(true))];
  const chain = (hook: string) => [`  chain ${hook} {`, `    type filter hook ${hook} priority 10;`, ...rules, '  }'];
  return [`table ${table} {`, ...chain('output'), ...chain('forward'), '}', ''].join('\n');
}
