import { defineCase } from '../../harness/case/define-case.ts';
import { refused, settleAndExpect } from '../support/net-checks.ts';
import type { Transport } from '../support/net-probes.ts';
import { serve } from '../support/services-serve.ts';
import { everyone, servicePorts, transportChecks } from '../support/services-traffic.ts';

const kinds = ['tcp', 'udp'] as const satisfies readonly Transport[];

export const cases = kinds.map((kind) =>
  defineCase({
    id: `services-no-endpoints-${kind}`,
    area: 'services',
    title: `A Service without endpoints refuses ${kind.toUpperCase()} at once, to pods and to nodes`,
    tags: ['no-endpoints'],
    source: 'e2e: Services should be rejected when no endpoints exist',
    async run(ctx) {
      const namespace = await ctx.namespace();
      const port = { name: kind, port: servicePorts[kind], protocol: kind === 'udp' ? 'UDP' : 'TCP' } as const;
      const service = await serve(ctx, { name: 'nobody', namespace, selector: { app: 'nobody' }, ports: [port] });
      const checks = transportChecks(ctx, everyone(ctx), service.ip, { [kind]: port.port }, refused);
      await settleAndExpect(ctx, 'Service without endpoints refuses', checks);
    },
  }),
);
