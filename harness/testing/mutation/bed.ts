import { findCni } from '../../../clusters/index.ts';
import { OrdealError } from '../../base/errors.ts';
import { readFacts } from '../../cluster/facts.ts';
import { listNodes } from '../../kube/nodes.ts';
import type { Kube } from '../../kube/types.ts';
import { execInNode } from '../../node/docker.ts';
import { runOnNode } from '../../node/run.ts';
import type { Bed, BedNode } from './types.ts';

/** Longer than any run of the cases of one mutation takes. */
const deadlineMs = 600_000;
const commandMs = 60_000;
const exec: Bed['exec'] = (node, argv, options) => execInNode(node, argv, { timeoutMs: commandMs, ...options });

/** Returns the bed of a kept kind cluster. @throws OrdealError USAGE where it has fewer than two workers or a foreign CNI. */
export async function bedOf(kube: Kube): Promise<Bed & { readonly mesh: string }> {
  const facts = await readFacts(kube);
  const { cni, mesh, podCidrs, serviceCidrs } = facts;
  const product = findCni(cni);
  if (product === undefined) throw new OrdealError('USAGE', 'the cluster runs a CNI that Ordeal does not know');
  const ranges = new Map((await listNodes(kube)).map(({ metadata, spec }) => [metadata.name, spec.podCIDRs]));
  const nodes = await Promise.all(
    facts.nodes.map(async ({ name, ip }): Promise<BedNode> => {
      const mac = await runOnNode(exec, name, 'read its address', ['cat', '/sys/class/net/eth0/address']);
      return { name, ip, mac: mac.trim(), podCidrs: ranges.get(name) ?? [] };
    }),
  );
  const workers = facts.nodes.filter(({ role }) => role === 'worker');
  const [a, b] = workers.map(({ name }) => nodes.find((node) => node.name === name));
  if (a === undefined || b === undefined) {
    throw new OrdealError('USAGE', `mutations need a cluster of two workers; this one has ${workers.length}`);
  }
  return { cni: product, mesh, podCidrs, serviceCidrs, nodes, pair: [a, b], kube, exec, deadlineMs };
}

/** Returns the words that name a mutation's kind on this bed. */
export function wordsOf(kind: readonly string[], { pair: [a, b] }: Pick<Bed, 'pair'>): string[] {
  return kind.map((word) => word.replaceAll('{a}', a.name).replaceAll('{b}', b.name));
}
