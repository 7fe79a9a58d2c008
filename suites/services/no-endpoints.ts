import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import {
  describeSeen,
  difference,
  measure,
  refused,
  type Check,
  type Seen,
  type Want,
} from '../../harness/table/checks.ts';
import { reach, type Transport } from '../../harness/table/probes.ts';
import { serve } from '../../harness/workload/serve.ts';
import { everyone, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const kinds = ['tcp', 'udp'] as const satisfies readonly Transport[];

/** A reject rule of the sender's own node shows as EPERM where it is faster than the ICMP message it sends. */
const refusedLocally: Want = { verdicts: ['refused', 'unreachable'] };

export const cases = kinds.map((kind) =>
  defineCase({
    id: `services-no-endpoints-${kind}`,
    area: 'services',
    touches: 'own',
    rights: [serviceRights],
    uses: [fleet],
    title: `A Service without endpoints refuses ${kind.toUpperCase()} at once, to pods and to nodes`,
    tags: ['no-endpoints'],
    source: 'e2e: Services should be rejected when no endpoints exist',
    async run(ctx) {
      const namespace = await ctx.namespace();
      const port = { name: kind, port: servicePorts[kind], protocol: kind === 'udp' ? 'UDP' : 'TCP' } as const;
      const service = await serve(ctx, { name: 'nobody', namespace, selector: { app: 'nobody' }, ports: [port] });
      const probe = reach(ctx, kind, service.ip, port.port);
      const want = (from: unknown) =>
        ctx.use(fleet).hostAgents.some((host) => host === from) ? refusedLocally : refused;
      const told = new Map<Check, Seen>();
      const checks = everyone(ctx).map((from): Check => ({ from, probe, want: want(from) }));
      await ctx.settle('Service without endpoints refuses', async () => {
        // The kernel sends one ICMP message a second to each peer (icmp_ratelimit): whoever was told is not asked again.
        const seen = await measure(checks.filter((check) => !told.has(check)));
        const wrong = seen.filter((one) => difference(one.check.want, one.result) !== undefined);
        for (const one of seen) if (!wrong.includes(one)) told.set(one.check, one);
        return wrong[0] === undefined
          ? undefined
          : `${describeSeen(wrong[0])}; ${told.size} of ${checks.length} refused`;
      });
      expect(told.size, `clients that were refused, of ${checks.length}`).to.equal(checks.length);
      ctx.attach('refusals', [...told.values()].map(describeSeen).join('\n'));
    },
  }),
);
