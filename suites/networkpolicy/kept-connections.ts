import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { closingMs, unsteady } from '../../harness/disruption/change-times.ts';
import { networkPolicy } from '../../harness/kube/objects.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { reach } from '../../harness/table/probes.ts';
import { first, startPods } from '../../harness/workload/backends.ts';
import { clientsOnNodes } from '../../harness/workload/service-traffic.ts';
import { policyRights } from '../../harness/workload/rights.ts';

const everyMs = 50;

export const cases = [
  defineCase({
    id: 'networkpolicy-kept-connections',
    title: 'A policy closes new connections; what becomes of those that are open already is measured, not judged',
    area: 'networkpolicy',
    touches: 'own',
    rights: [policyRights],
    tier: 'extended',
    tags: ['kept-connections', 'ingress'],
    needs: [feature('NetworkPolicy')],
    uses: [fleet],
    // "the effect on existing connections is implementation defined"
    source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-connections',
    run: async (ctx) => {
      const server = first(await startPods(ctx, 'kept', [{ name: 'kept' }]), 'pod');
      const probe = reach(ctx, 'tcp', server.ip, 8090);
      const paths = await Promise.all(
        clientsOnNodes(ctx).map(async (from) => {
          const [fresh, kept] = await Promise.all([false, true].map((reuse) => from.sample({ probe, everyMs, reuse })));
          if (fresh === undefined || kept === undefined) throw new Error('two samplers were asked for');
          ctx.defer(`stop the samplers on ${from.node}`, async () => {
            await Promise.all([fresh.stop(), kept.stop()]);
          });
          return { from, fresh, kept };
        }),
      );
      const steady = (open: boolean) => async () => {
        const said = paths.map(async ({ from, fresh }) => {
          const why = unsteady(await fresh.peek(), 0, open);
          return why === undefined ? [] : [`new connections on ${from.node}: ${why}`];
        });
        return (await Promise.all(said)).flat()[0];
      };
      await ctx.settle('new connections are open without a policy', steady(true));
      const since = await Promise.all(paths.map(async ({ fresh }) => (await fresh.peek()).at(-1)?.atMs ?? 0));
      const deny = { podSelector: { matchLabels: { app: 'kept' } }, policyTypes: ['Ingress' as const] };
      await ctx.apply(networkPolicy(server.namespace, 'deny', deny));
      const timeoutMs = ctx.timeouts.policySettleMs;
      await ctx.settle('new connections are closed by the policy', steady(false), { timeoutMs });
      for (const [index, { from, fresh, kept }] of paths.entries()) {
        const labels = { from: from.node };
        const [ofNew, ofKept] = await Promise.all([fresh.stop(), kept.stop()]);
        const after = ofKept.filter(({ atMs }) => atMs >= (since[index] ?? 0));
        expect(after, `attempts on the kept connection of ${from.node}`).to.have.lengthOf.above(0);
        ctx.measure('new_connections_closed_after', closingMs(ofNew, since[index] ?? 0), 'ms', labels);
        const through = after.filter(({ verdict }) => verdict === 'open').length / after.length;
        ctx.measure('kept_connection_answered', through, 'ratio', labels);
      }
    },
  }),
];
