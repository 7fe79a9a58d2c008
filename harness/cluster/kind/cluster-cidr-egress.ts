import { timeoutsInForce } from '../../base/timeouts.ts';
import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import { execInNode } from '../../node/docker.ts';

const Routes = z.array(z.object({ gateway: z.string().optional() }));

/** nft's own words for one address family: the keyword of its addresses, how `ip route` is asked, how CIDRs look. */
const families = [
  { keyword: 'ip', flag: '-4', isOf: (cidr: string) => !cidr.includes(':') },
  { keyword: 'ip6', flag: '-6', isOf: (cidr: string) => cidr.includes(':') },
] as const;

/**
 * Keeps cluster addresses inside the cluster: a packet to a Service or pod address that nothing on the node claims
 * (kube-proxy has not programmed it yet, its pod is gone) would leave by the default route, and whatever stands out there
 * might answer in the Service's place. After DNAT and only towards the gateway, so routed pod traffic between nodes is
 * not touched. @throws OrdealError CLUSTER naming the node.
 */
export async function blockClusterCidrEgress(node: string, cidrs: readonly string[]): Promise<void> {
  const rules = await Promise.all(families.map((family) => ruleOf(node, cidrs, family)));
  const script = fenceScript(rules.filter((rule) => rule !== undefined));
  const { code, stderr } = await execInNode(node, ['nft', '-f', '-'], {
    timeoutMs: timeoutsInForce().nodeCommandMs,
    stdin: script,
  });
  if (code === 0) return;
  throw new OrdealError('CLUSTER', `node ${node} cannot keep cluster addresses inside: nft said ${stderr.trim()}`);
}

/** Returns the nft script of the fence; loading it twice gives one fence. */
export function fenceScript(rules: readonly string[]): string {
  const chain = ['type filter hook postrouting priority 300; policy accept;', ...rules].map((line) => `    ${line}`);
  const table = ['table inet ordeal_fence {', '  chain out {', ...chain, '  }', '}'];
  return ['table inet ordeal_fence', 'delete table inet ordeal_fence', ...table, ''].join('\n');
}

async function ruleOf(node: string, cidrs: readonly string[], family: (typeof families)[number]) {
  const mine = cidrs.filter((cidr) => family.isOf(cidr));
  if (mine.length === 0) return undefined;
  const asked = await execInNode(node, ['ip', family.flag, '-json', 'route', 'show', 'default'], {
    timeoutMs: timeoutsInForce().nodeCommandMs,
  });
  const gateway = asked.code === 0 ? Routes.parse(JSON.parse(asked.stdout || '[]'))[0]?.gateway : undefined;
  if (gateway === undefined) return undefined;
  return `${family.keyword} daddr { ${mine.join(', ')} } rt ${family.keyword} nexthop ${gateway} counter drop`;
}
