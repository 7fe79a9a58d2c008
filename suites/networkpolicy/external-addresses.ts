import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { hostBlock } from '../../harness/base/cidr.ts';
import { InconclusiveError, SkipError } from '../../harness/base/errors.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { networkPolicy } from '../../harness/kube/objects.ts';
import type { NetworkPolicy, NetworkPolicyPeer } from '../../harness/kube/network-policy.ts';
import { blockAroundAll } from '../../harness/netpol/blocks.ts';
import { judge } from '../../harness/oracle/judge.ts';
import type { Attempt } from '../../harness/oracle/types.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { closed, open, type Check } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { schedulableNodes } from '../../harness/workload/backends.ts';
import { modelOf } from '../../harness/workload/expected.ts';
import { serve } from '../../harness/workload/serve.ts';
import { policyRights, serviceRights } from '../../harness/workload/rights.ts';

const port = 8090;
const labels = { app: 'guarded' };
const directions = ['egress', 'ingress'] as const;
type Direction = (typeof directions)[number];

const shapes = [
  { name: 'one', title: 'an ipBlock of one address outside the cluster', block: (a: string) => only(a) },
  {
    name: 'except',
    title: 'an ipBlock around two addresses outside the cluster, except one',
    block: (a: string, b: string) => ({ ipBlock: { cidr: blockAroundAll([a, b]), except: [only(b).ipBlock.cidr] } }),
  },
];
const only = (ip: string) => ({ ipBlock: { cidr: hostBlock(ip) } });

export const cases = directions.flatMap((direction) =>
  shapes.map(({ name, title, block }) =>
    defineCase({
      id: `networkpolicy-ipblock-external-${direction}-${name}`,
      title: `An ${direction} rule admits ${title}`,
      area: 'networkpolicy',
      touches: 'own',
      rights: [serviceRights, policyRights],
      tier: 'extended',
      tags: ['ip-block', 'external', direction],
      needs: [feature('NetworkPolicy'), ...(direction === 'ingress' ? [feature('NodePort')] : [])],
      source:
        'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
      run: async (ctx) => {
        const outsiders = await startOutsiders(ctx, `${direction}-${name}`);
        const pods = await startGuarded(ctx);
        const checks =
          direction === 'egress' ? egressChecks(ctx, pods, outsiders) : await ingressChecks(ctx, pods, outsiders);
        await settleAndExpect(ctx, 'both are open without a policy', checks(undefined));
        const [admitted, other] = outsiders;
        const policy = policyOf(pods[0]?.namespace ?? '', direction, block(admitted.ip, other.ip));
        await ctx.apply(policy);
        await settleAndExpect(ctx, 'the block admits its address and no other', checks(policy));
      },
    }),
  ),
);

type Checks = (policy: NetworkPolicy | undefined) => Check[];

async function startOutsiders(ctx: CaseContext, of: string): Promise<readonly [Agent, Agent]> {
  const { outside } = ctx.cluster;
  if (outside === undefined) {
    throw new SkipError(`needs a machine outside the cluster; found: provider ${ctx.cluster.info.provider} gives none`);
  }
  const agents = await Promise.all(
    ['admitted', 'other'].map(async (name) => {
      const own = `${of}-${name}`;
      ctx.defer(`container ${own} outside`, () => outside.stop(own));
      return outside.start(own, [{ port, protocol: 'TCP' }]);
    }),
  );
  const [admitted, other] = agents;
  if (admitted === undefined || other === undefined)
    throw new InconclusiveError('two containers outside were asked for');
  return [admitted, other];
}

/** One guarded pod on each node. */
async function startGuarded(ctx: CaseContext): Promise<Agent[]> {
  const namespace = await ctx.namespace();
  const ports = [{ port, protocol: 'TCP' as const }];
  const specs = schedulableNodes(ctx).map((node, index) => {
    const name = `guarded-${index}`;
    return { name, namespace, node, labels: { ...labels, pod: name }, ports };
  });
  return ctx.agents(specs);
}

function egressChecks(ctx: CaseContext, pods: readonly Agent[], outsiders: readonly Agent[]): Checks {
  return (policy) =>
    pods.flatMap((from) =>
      outsiders.map((to) => {
        const isOpen = judged(pods, policy, { from: podEnd(from), to: { kind: 'external', ip: to.ip } });
        return { from, probe: reach(ctx, 'tcp', to.ip, port), want: isOpen ? open(to.name) : closed };
      }),
    );
}

/** Through NodePorts that keep the source (externalTrafficPolicy: Local), each on the node of its pod. */
async function ingressChecks(ctx: CaseContext, pods: readonly Agent[], outsiders: readonly Agent[]): Promise<Checks> {
  const doors = await Promise.all(
    pods.map(async (pod) => {
      const node = ctx.cluster.info.nodes.find(({ name }) => name === pod.node);
      const service = await serve(ctx, {
        ...{ name: pod.name, namespace: pod.namespace, selector: { pod: pod.name } },
        ports: [{ name: 'tcp', port, targetPort: port }],
        more: { type: 'NodePort', externalTrafficPolicy: 'Local' },
      });
      return { pod, host: node?.ip ?? '', nodePort: service.nodePort(port) };
    }),
  );
  return (policy) =>
    doors.flatMap(({ pod, host, nodePort }) =>
      outsiders.map((from) => {
        const isOpen = judged(pods, policy, { from: { kind: 'external', ip: from.ip }, to: podEnd(pod) });
        return { from, probe: reach(ctx, 'tcp', host, nodePort), want: isOpen ? open(pod.name) : closed };
      }),
    );
}

function judged(
  pods: readonly Agent[],
  policy: NetworkPolicy | undefined,
  ends: Pick<Attempt, 'from' | 'to'>,
): boolean {
  const ports = [{ port, protocol: 'TCP' as const }];
  const model = modelOf(
    policy === undefined ? [] : [{ ...policy }],
    pods.map((agent) => ({ agent, labels, ports })),
  );
  return judge(model, { ...ends, port, protocol: 'TCP' }).verdict === 'open';
}

const podEnd = ({ namespace, name }: Agent) => ({ kind: 'pod', namespace, name }) as const;

function policyOf(namespace: string, direction: Direction, peer: NetworkPolicyPeer) {
  const rules = direction === 'egress' ? { egress: [{ to: [peer] }] } : { ingress: [{ from: [peer] }] };
  const policyTypes = [direction === 'egress' ? ('Egress' as const) : ('Ingress' as const)];
  return networkPolicy(namespace, 'block', { podSelector: { matchLabels: labels }, policyTypes, ...rules });
}
