import { isIPv6 } from 'node:net';
import { InconclusiveError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';
import type { Agent } from '../../../harness/probe/agent-types.ts';
import { routeMtuScript } from './route-mtu-perl.ts';

const udpHeader = 8;
const ipv4Header = 20;
const ipv6Header = 40;

/** Returns the UDP payload that fills a packet of `mtu` bytes towards `ip`. */
export function largestDatagram(mtu: number, ip: string): number {
  return mtu - (isIPv6(ip) ? ipv6Header : ipv4Header) - udpHeader;
}

const shown = `tail -n +1 /proc/net/route /sys/class/net/*/mtu; printf '\\n==> route <==\\n'; perl -e "$0"`;

/**
 * Returns how large a packet a pod may send, in bytes: what its default route says, else what the interface of that
 * route does. @throws InconclusiveError when the pod does not tell.
 */
export async function mtuOf(ctx: CaseContext, agent: Agent): Promise<number> {
  const { stdout } = await ctx.kube.exec(agent, ['sh', '-c', shown, routeMtuScript]);
  const mtu = parseMtu(stdout);
  if (mtu === undefined) throw new InconclusiveError(`${agent.name} shows no MTU of its default route: ${stdout}`);
  return mtu;
}

/**
 * Returns the MTU that the default route has, else that of its interface (an IPv6-only pod: of the first that is not
 * `lo`), in bytes.
 */
export function parseMtu(files: string): number | undefined {
  const sections = new Map(
    files.split('==> ').map((part): [string, string] => {
      const [path = '', ...body] = part.split('\n');
      return [path.replace(' <==', ''), body.join('\n').trim()];
    }),
  );
  const routes = (sections.get('/proc/net/route') ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  const device = routes.find(([, destination]) => destination === '00000000')?.[0];
  const fallback = [...sections.keys()].find((path) => path.startsWith('/sys/') && !path.includes('/lo/'));
  const ofInterface = sections.get(device === undefined ? (fallback ?? '') : `/sys/class/net/${device}/mtu`);
  return bytesOf(sections.get('route')) ?? bytesOf(ofInterface);
}

const bytesOf = (text: string | undefined) => (text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined);
