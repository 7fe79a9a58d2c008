import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { answers, ask, noRecords, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { onePod, twoPods } from '../../harness/workload/backends.ts';
import { serve } from '../../harness/workload/serve.ts';
import { httpPort } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const headless = { clusterIP: 'None' };

export const cases = [
  defineCase({
    id: 'dns-headless-follows-readiness',
    area: 'dns',
    uses: [fleet],
    title: 'The addresses of a headless Service follow the readiness of its pods',
    tags: ['headless', 'readiness', 'endpoints'],
    source: 'DNS specification 2.4.1',
    async run(ctx) {
      const { one, two, service } = await twoPods(ctx, [httpPort], headless);
      const rrtype = addressType(one.ip);
      const addresses = (...ips: string[]) =>
        ctx.use(fleet).agents.map((from) => ({ from, probe: ask(ctx, rrtype, service.fqdn), want: answers(...ips) }));
      await settleAndExpectDns(ctx, 'both addresses', addresses(one.ip, two.ip));
      await one.setReady(false);
      await settleAndExpectDns(ctx, 'unready address leaves', addresses(two.ip));
      await one.setReady(true);
      await settleAndExpectDns(ctx, 'ready address returns', addresses(one.ip, two.ip));
    },
  }),
  defineCase({
    id: 'dns-publish-not-ready',
    area: 'dns',
    uses: [fleet],
    tier: 'extended',
    title: 'publishNotReadyAddresses shows an unready pod under its headless Service, without it the pod is hidden',
    tags: ['headless', 'readiness'],
    source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/; DNS specification 2.4.1',
    async run(ctx) {
      const { agent, service: strict } = await onePod(ctx, 'unready', [httpPort], headless);
      const { fqdn } = await serve(ctx, {
        name: 'published',
        namespace: strict.namespace,
        selector: { app: 'unready' },
        ports: [httpPort],
        more: { ...headless, publishNotReadyAddresses: true },
      });
      await agent.setReady(false);
      const rrtype = addressType(agent.ip);
      const checks = ctx.use(fleet).agents.flatMap((from) => [
        { from, probe: ask(ctx, rrtype, fqdn), want: answers(agent.ip) },
        { from, probe: ask(ctx, rrtype, strict.fqdn), want: noRecords },
      ]);
      await settleAndExpectDns(ctx, 'unready pod shown only where published', checks);
    },
  }),
];
