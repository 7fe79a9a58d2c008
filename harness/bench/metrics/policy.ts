import { networkPolicy } from '../../kube/objects.ts';
import { startLane, timeTurns } from '../../disruption/timed-lane.ts';
import { type Bed } from '../bed.ts';
import { podPorts, serverLabel } from '../paths.ts';
import type { BenchMetric, Reading } from '../metric.ts';
import { timeNewPod } from '../new-pod.ts';
import type { VisitContext } from '../visit-context.ts';

const everyMs = 10;
const name = 'closed-server';
const friend = { 'ordeal.dev/bench-friend': 'yes' } as const;

/** From the API server's answer to the last connection let through, or to the first. */
export const policyProgrammed: BenchMetric = {
  name: 'bench.policy_programmed',
  title: 'NetworkPolicy in force, from the API server’s answer on',
  unit: 'ms',
  better: 'lower',
  load: `the agent connects every ${everyMs} ms from a pod to one on another node, whose ingress a policy closes`,
  by: ['direction'],
  needs: 'NetworkPolicy',
  async measure(bed, { changes }, ctx) {
    const change = await policyChanges(bed, ctx);
    const readings: Reading[] = [];
    for (let i = 0; i < changes; i++) {
      readings.push({ labels: { direction: 'allow to deny' }, value: await change('closed') });
      readings.push({ labels: { direction: 'deny to allow' }, value: await change('open') });
    }
    return readings;
  },
};

/** The policy stands, and a pod comes to be one that it lets in: born so, or by its label. */
export const policySelected: BenchMetric = {
  name: 'bench.policy_selects',
  title: 'NetworkPolicy lets in a pod that it selects anew',
  unit: 'ms',
  better: 'lower',
  load: 'a new pod connects every 10 ms from its first line on; or a pod gets a label, from the API server’s answer on',
  by: ['direction'],
  needs: 'NetworkPolicy',
  fullOnly: true,
  async measure(bed, { changes }, ctx) {
    const close = await policyChanges(bed, ctx, [{ from: [{ podSelector: { matchLabels: friend } }] }]);
    await close('closed');
    const relabel = await relabelling(bed, ctx);
    const readings: Reading[] = [];
    for (let i = 0; i < changes; i++) {
      const { sinceFirstAttemptMs } = await timeNewPod(bed, `friend-${i}`, ctx, friend);
      readings.push({ labels: { direction: 'new pod' }, value: sinceFirstAttemptMs });
      readings.push({ labels: { direction: 'label added' }, value: await relabel('open') });
      readings.push({ labels: { direction: 'label removed' }, value: await relabel('closed') });
    }
    return readings;
  },
};

async function laneOf({ client, server }: Bed, ctx: VisitContext) {
  const timeoutMs = ctx.timeouts.policyConnectMs;
  const probe = { kind: 'tcp', host: server.ip, port: podPorts.tcp, connectOnly: true, timeoutMs } as const;
  return startLane(ctx, client, probe, everyMs);
}

/** Returns what makes (`closed`) or takes away (`open`) the policy, and says how many ms the path took to obey. */
export async function policyChanges(bed: Bed, ctx: VisitContext, ingress: readonly object[] = []) {
  const { namespace, cluster } = bed;
  const lane = await laneOf(bed, ctx);
  const policy = networkPolicy(namespace, name, {
    podSelector: { matchLabels: serverLabel },
    policyTypes: ['Ingress'],
    ingress: [...ingress],
  });
  const ref = { apiVersion: policy.apiVersion, kind: policy.kind, name, namespace };
  ctx.defer(`remove ${name}`, () => cluster.kube.remove(ref));
  const acts = { closed: () => cluster.kube.apply(policy), open: () => cluster.kube.remove(ref) } as const;
  const limit = { timeoutMs: ctx.timeouts.policySettleMs };
  return async (becomes: 'open' | 'closed'): Promise<number> => {
    const [ms = Number.NaN] = await timeTurns(ctx, `path ${becomes}`, [{ lane, becomes }], acts[becomes], limit);
    return ms;
  };
}

async function relabelling(bed: Bed, ctx: VisitContext) {
  const { client, namespace, cluster } = bed;
  const lane = await laneOf(bed, ctx);
  const ref = { apiVersion: 'v1', kind: 'Pod', name: client.name, namespace };
  const [label] = Object.keys(friend);
  const setTo = (value: string | null) => cluster.kube.patch(ref, { metadata: { labels: { [label ?? '']: value } } });
  ctx.defer('take the label away', async () => {
    await setTo(null);
  });
  const limit = { timeoutMs: ctx.timeouts.policySettleMs };
  return async (becomes: 'open' | 'closed'): Promise<number> => {
    const act = () => setTo(becomes === 'open' ? 'yes' : null);
    const [ms = Number.NaN] = await timeTurns(ctx, `label: ${becomes}`, [{ lane, becomes }], act, limit);
    return ms;
  };
}
