import { timeoutsInForce } from '../../base/timeouts.ts';
import { describeError } from '../../base/errors.ts';
import type { Feature } from '../../../clusters/names.ts';
import { seen, undetermined, type Detector, type Observation } from './types.ts';

/*
 * All questions in one entry of the node. What is added is added in a network namespace of its own: it vanishes with
 * it, and the node's own network is not touched. Each answer is one line: name, exit code, first words.
 */
const questions = `
ask() { said=$(sh -c "$2" 2>&1); echo "$1 $? $(echo "$said" | head -n 1)"; }
ask uid 'id -u'
ask netem 'unshare --net tc qdisc add dev lo root netem delay 1ms'
ask queue 'unshare --net iptables -A OUTPUT -j NFQUEUE --queue-num 0 --queue-bypass'
ask sctp 'modprobe sctp; grep "^SCTP " /proc/net/protocols'
`;

interface Reply {
  readonly code: number;
  readonly said: string;
}

/** What needs a node to be entered, and what its kernel can. */
export const nodeKernel: Detector = {
  features: ['NodeAccess', 'Netem', 'NfQueue', 'SCTP'],
  rights: [],
  detect: async ({ nodeExec, facts }) => {
    const node = facts.nodes.at(-1)?.name;
    if (nodeExec === undefined) return nothing('nodes of this cluster cannot be entered');
    if (node === undefined) return undetermined(nodeKernel.features, 'the cluster lists no node');
    try {
      const { stdout, stderr } = await nodeExec(node, ['sh', '-c', questions], {
        timeoutMs: timeoutsInForce().nodeCommandMs,
      });
      return observe(node, readReplies(stdout), stderr.trim());
    } catch (error) {
      return undetermined(nodeKernel.features, describeError(error));
    }
  },
};

function observe(node: string, replies: ReadonlyMap<string, Reply>, stderr: string): Observation[] {
  const uid = replies.get('uid');
  if (uid === undefined) {
    return undetermined(nodeKernel.features, `${node} did not answer: ${stderr.slice(0, 200)}`);
  }
  return [
    seen('NodeAccess', uid.said === '0', `commands run on ${node} as uid ${uid.said}`),
    ...addable('Netem', 'a netem qdisc', replies.get('netem')),
    ...addable('NfQueue', 'an NFQUEUE rule', replies.get('queue')),
    ...sctpState(replies.get('sctp')),
  ];
}

function readReplies(stdout: string): ReadonlyMap<string, Reply> {
  const lines = stdout.split('\n').map((line) => /^(\w+) (\d+) ?(.*)$/.exec(line));
  return new Map(
    lines.flatMap((it) => (it === null ? [] : [[it[1] ?? '', { code: Number(it[2]), said: it[3] ?? '' }]])),
  );
}

function addable(feature: Feature, what: string, reply: Reply | undefined): Observation[] {
  if (reply === undefined) return undetermined([feature], 'the node did not answer');
  const can = reply.code === 0;
  return [seen(feature, can, can ? `${what} can be added` : `${what} cannot be added: ${reply.said}`)];
}

function sctpState(reply: Reply | undefined): Observation[] {
  if (reply === undefined) return undetermined(['SCTP'], 'the node did not answer');
  const has = reply.code === 0;
  return [seen('SCTP', has, `the kernel ${has ? 'has' : 'has no'} SCTP`)];
}

function nothing(why: string): Observation[] {
  return nodeKernel.features.map((feature) => seen(feature, false, why));
}
