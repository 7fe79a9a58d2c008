import { defineCase } from '../../harness/case/define-case.ts';
import { addressType } from './support/names.ts';
import { ask, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { onePod, twoPods } from '../../harness/workload/backends.ts';
import { serve } from '../../harness/workload/serve.ts';
import { httpPort } from '../../harness/workload/service-traffic.ts';
import { modelOf, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const headless = { clusterIP: 'None' };

export const cases = [
  defineCase({
    id: 'dns-headless-follows-readiness',
    area: 'dns',
    touches: 'own',
    rights: [serviceRights],
    uses: [fleet],
    title: 'The addresses of a headless Service follow the readiness of its pods',
    tags: ['headless', 'readiness', 'endpoints'],
    source: 'DNS specification 2.4.1',
    async run(ctx) {
      const { one, two, service } = await twoPods(ctx, [httpPort], headless);
      const rrtype = addressType(one.ip);
      const question = { rrtype, name: service.fqdn };
      const labels = { app: service.name };
      const addressesWhile = (ready: boolean) => {
        const model = modelOf(
          [service.object],
          [
            { agent: one, labels, ready },
            { agent: two, labels },
          ],
        );
        const want = recordsOf(ctx, model, question);
        return ctx.use(fleet).agents.map((from) => ({ from, probe: ask(ctx, rrtype, service.fqdn), want }));
      };
      await settleAndExpectDns(ctx, 'both addresses', addressesWhile(true));
      await one.setReady(false);
      await settleAndExpectDns(ctx, 'unready address leaves', addressesWhile(false));
      await one.setReady(true);
      await settleAndExpectDns(ctx, 'ready address returns', addressesWhile(true));
    },
  }),
  defineCase({
    id: 'dns-publish-not-ready',
    area: 'dns',
    touches: 'own',
    rights: [serviceRights],
    uses: [fleet],
    tier: 'extended',
    title: 'publishNotReadyAddresses shows an unready pod under its headless Service, without it the pod is hidden',
    tags: ['headless', 'readiness'],
    source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/; DNS specification 2.4.1',
    async run(ctx) {
      const { agent, service: strict } = await onePod(ctx, 'unready', [httpPort], headless);
      const published = await serve(ctx, {
        name: 'published',
        namespace: strict.namespace,
        selector: { app: 'unready' },
        ports: [httpPort],
        more: { ...headless, publishNotReadyAddresses: true },
      });
      await agent.setReady(false);
      const rrtype = addressType(agent.ip);
      const unready = { agent, labels: { app: 'unready' }, ready: false };
      const model = modelOf([published.object, strict.object], [unready]);
      const checks = [published, strict].flatMap(({ fqdn: name }) =>
        ctx.use(fleet).agents.map((from) => ({
          from,
          probe: ask(ctx, rrtype, name),
          want: recordsOf(ctx, model, { rrtype, name }),
        })),
      );
      await settleAndExpectDns(ctx, 'unready pod shown only where published', checks);
    },
  }),
];
