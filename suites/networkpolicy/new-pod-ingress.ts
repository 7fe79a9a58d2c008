import { z } from 'zod';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { networkPolicy } from '../../harness/kube/objects.ts';
import { closingMs, unsteady } from '../../harness/disruption/change-times.ts';
import type { Agent, Sampler } from '../../harness/probe/agent-types.ts';
import { schedulableNodes } from '../../harness/workload/backends.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { clientsOnNodes } from '../../harness/workload/service-traffic.ts';
import { assertNone } from '../../harness/table/assertions.ts';
import { policyRights } from '../../harness/workload/rights.ts';

const port = 8090;
const everyMs = 20;
const Status = z.looseObject({ podIP: z.string().optional() });

interface Watched {
  readonly name: string;
  readonly isolated: boolean;
  readonly from: Agent;
  readonly sampler: Sampler;
}

export const cases = [
  defineCase({
    id: 'networkpolicy-new-pod-ingress-isolated-from-start',
    title: 'Nobody reaches a new pod that a standing policy isolates in ingress, from its first moment on',
    area: 'networkpolicy',
    touches: 'own',
    rights: [policyRights],
    tags: ['leak-window', 'ingress'],
    needs: [feature('NetworkPolicy')],
    uses: [fleet],
    // Alone, so that the window is the CNI's and not that of a machine which starts nine other pods.
    exclusive: ['paths'],
    source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#pod-lifecycle',
    run: async (ctx) => {
      const namespace = await ctx.namespace();
      const deny = {
        podSelector: { matchLabels: { role: 'isolated' } },
        policyTypes: ['Ingress' as const],
        ingress: [],
      };
      await ctx.kube.apply(networkPolicy(namespace, 'no-ingress', deny));
      const clients = clientsOnNodes(ctx);
      const watched = (await Promise.all(pods(ctx).map((pod) => startWatched(ctx, namespace, pod, clients)))).flat();
      // Without a pod that is reached, one that is not would prove nothing.
      await ctx.settle('free pods are reached, isolated ones are not', () => firstWrong(watched));
      const leaks = await Promise.all(watched.filter(({ isolated }) => isolated).map((one) => leakOf(ctx, one)));
      assertNone(
        leaks.filter((leak) => leak !== ''),
        'connections let in at the start',
      );
    },
  }),
];

/** One of each kind on each node. */
function pods(ctx: CaseContext) {
  return schedulableNodes(ctx).flatMap((node, index) =>
    ['isolated', 'free'].map((role) => ({ name: `${role}-${index}`, role, node })),
  );
}

/** Tries the pod from every node as soon as its address is known, which is before its first container runs or answers. */
async function startWatched(
  ctx: CaseContext,
  namespace: string,
  { name, role, node }: ReturnType<typeof pods>[number],
  clients: readonly Agent[],
): Promise<Watched[]> {
  const ports = [{ port, protocol: 'TCP' as const }];
  const { metadata, spec } = await ctx.agentPodTemplate({ namespace, node, ports, labels: { role } });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace }, spec };
  await ctx.kube.create(pod);
  const placed = await ctx.kube.until(
    { apiVersion: 'v1', kind: 'Pod', namespace, name },
    'has an address',
    ctx.timeouts.podReadyMs,
    (object) => addressOf(object) !== undefined,
  );
  const host = addressOf(placed) ?? '';
  const probe = { kind: 'tcp', connectOnly: true, host, port, timeoutMs: ctx.timeouts.policyConnectMs } as const;
  return Promise.all(
    clients.map(async (from) => {
      const sampler = await from.sample({ probe, everyMs, reuse: false });
      ctx.defer(`stop trying ${name} from ${from.node}`, async () => {
        await sampler.stop();
      });
      return { name, isolated: role === 'isolated', from, sampler };
    }),
  );
}

const addressOf = (object: Record<string, unknown> | undefined) => Status.safeParse(object?.['status']).data?.podIP;

async function firstWrong(watched: readonly Watched[]): Promise<string | undefined> {
  const views = await Promise.all(
    watched.map(async ({ name, isolated, from, sampler }) => {
      const view = unsteady(await sampler.peek(), 0, !isolated);
      return view && `${name} from ${from.node}: ${view}`;
    }),
  );
  return views.find((view) => view !== undefined);
}

async function leakOf(ctx: CaseContext, { name, from, sampler }: Watched): Promise<string> {
  const samples = await sampler.stop();
  const leaked = samples.filter(({ verdict }) => verdict === 'open').length;
  const ms = leaked === 0 ? 0 : closingMs(samples, 0) + everyMs;
  ctx.measure('new_pod_ingress_leak_window', ms, 'ms', { from: from.node });
  return leaked === 0 ? '' : `${name} from ${from.node}: ${leaked} of the first attempts, until ${ms} ms`;
}
