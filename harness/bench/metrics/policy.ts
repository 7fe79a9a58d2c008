import { networkPolicy } from '../../kube/objects.ts';
import { startLane, timeTurns } from '../../disruption/timed-lane.ts';
import { type Bed, podPorts, serverLabel } from '../bed.ts';
import type { BenchMetric, Reading } from '../metric.ts';
import type { VisitContext } from '../visit-context.ts';

const everyMs = 10;
const name = 'deny-server';

/** From the API server's answer to the last connection let through, or the first after the policy went. */
export const policyProgrammed: BenchMetric = {
  name: 'bench.policy_programmed',
  title: 'NetworkPolicy in force, from the API server’s answer on',
  unit: 'ms',
  better: 'lower',
  load: `the agent connects every ${everyMs} ms from a pod to one on another node, whose ingress a policy closes`,
  by: ['direction'],
  needs: 'NetworkPolicy',
  async measure(bed, { changes }, ctx) {
    const change = await changesOn(bed, ctx);
    const readings: Reading[] = [];
    for (let i = 0; i < changes; i++) {
      readings.push({ labels: { direction: 'allow to deny' }, value: await change('closed') });
      readings.push({ labels: { direction: 'deny to allow' }, value: await change('open') });
    }
    return readings;
  },
};

async function changesOn({ client, server, namespace, cluster: { kube } }: Bed, ctx: VisitContext) {
  const timeoutMs = ctx.timeouts.policyConnectMs;
  const probe = { kind: 'tcp', host: server.ip, port: podPorts.tcp, connectOnly: true, timeoutMs } as const;
  const lane = await startLane(ctx, client, probe, everyMs);
  const policy = networkPolicy(namespace, name, {
    podSelector: { matchLabels: serverLabel },
    policyTypes: ['Ingress'],
  });
  const ref = { apiVersion: policy.apiVersion, kind: policy.kind, name, namespace };
  ctx.defer(`remove ${name}`, () => kube.remove(ref));
  const acts = { closed: () => kube.apply(policy), open: () => kube.remove(ref) } as const;
  const limit = { timeoutMs: ctx.timeouts.policySettleMs };
  return async (becomes: 'open' | 'closed'): Promise<number> => {
    const [ms = Number.NaN] = await timeTurns(ctx, `path ${becomes}`, [{ lane, becomes }], acts[becomes], limit);
    return ms;
  };
}
