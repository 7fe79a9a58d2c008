import { describeError } from '../../errors.ts';
import { seen, type Detector, type Observation } from './types.ts';

const nodeMs = 8_000;

/*
 * Tried in a network namespace of its own: what is added vanishes with it, and the node's own network is not touched.
 */
const netem = 'unshare --net tc qdisc add dev lo root netem delay 1ms';
const nfQueue = `unshare --net nft 'add table inet ordeal
add chain inet ordeal out { type filter hook output priority 0; }
add rule inet ordeal out queue num 0 bypass'`;
/** Listed once the protocol is registered; opening a socket of it is what loads a module. */
const sctp = 'modprobe sctp 2>/dev/null; grep -q "^SCTP " /proc/net/protocols && echo yes || echo no';

/** What needs a node to be entered, and what its kernel can. */
export const nodeKernel: Detector = {
  features: ['NodeAccess', 'Netem', 'NfQueue', 'SCTP'],
  detect: async ({ nodeExec, facts }) => {
    const node = facts.nodes.at(-1)?.name;
    if (nodeExec === undefined || node === undefined) return nothing('nodes of this cluster cannot be entered');
    const run = (script: string) => nodeExec(node, ['sh', '-c', script], { timeoutMs: nodeMs });
    const tried = await run('id -u').catch((error: unknown) => describeError(error));
    if (typeof tried === 'string') return nothing(tried);
    const root = tried.stdout.trim() === '0';
    const [hasNetem, hasQueue, hasSctp] = await Promise.all([run(netem), run(nfQueue), run(sctp)]);
    return [
      seen('NodeAccess', root, `commands run on ${node} as uid ${tried.stdout.trim()}`),
      seen('Netem', hasNetem.code === 0, said('netem qdisc', hasNetem.code, hasNetem.stderr)),
      seen('NfQueue', hasQueue.code === 0, said('nftables queue', hasQueue.code, hasQueue.stderr)),
      sctpState(hasSctp.stdout.includes('yes')),
    ];
  },
};

function said(what: string, code: number, stderr: string): string {
  return code === 0 ? `${what} can be added` : `${what} cannot be added: ${stderr.trim().split('\n').at(-1) ?? code}`;
}

/** Two things must come together: a kernel that has it, and an agent that can speak it. */
function sctpState(inKernel: boolean): Observation {
  const kernel = inKernel ? 'the kernel has SCTP' : 'the kernel has no SCTP';
  return seen('SCTP', false, `${kernel}; probe agents cannot speak it (Node.js has no SCTP sockets)`);
}

function nothing(why: string): Observation[] {
  const without = (['NodeAccess', 'Netem', 'NfQueue'] as const).map((feature) => seen(feature, false, why));
  return [...without, seen('SCTP', false, 'probe agents cannot speak it (Node.js has no SCTP sockets)')];
}
