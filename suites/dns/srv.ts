import { defineCase } from '../../harness/case/define-case.ts';
import { srvTargets } from './support/names.ts';
import { ask, canonical } from '../../harness/table/dns-queries.ts';
import { measure } from '../../harness/table/checks.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve, serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs } from '../../harness/workload/service-traffic.ts';
import type { ClusterModel } from '../../harness/oracle/model-types.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { fleetModel, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertSame } from '../../harness/table/assertions.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

const hostnames = ['alpha', 'beta'];
const podPort = 8080;

export const cases = [
  defineCase({
    id: 'dns-srv',
    area: 'dns',
    touches: 'own',
    rights: [serviceRights, sliceRights],
    uses: [fleet],
    title: 'SRV records of named ports give the Service port and name, for TCP and UDP',
    tags: ['srv', 'e2e:conformance'],
    source: 'e2e: DNS should provide DNS for services; DNS specification 2.3.2',
    async run(ctx) {
      const { fqdn, object } = await serveFleet(ctx, fleetPortSpecs(ctx));
      const model = fleetModel(ctx, object);
      await expectSrv(ctx, model, `_http._tcp.${fqdn}`);
      await expectSrv(ctx, model, `_udp._udp.${fqdn}`);
    },
  }),
  defineCase({
    id: 'dns-srv-headless',
    area: 'dns',
    touches: 'own',
    rights: [serviceRights, sliceRights],
    uses: [fleet],
    title: 'SRV records of a headless Service name every endpoint by its host name, with its target port',
    tags: ['srv', 'headless'],
    source: 'DNS specification 2.4.2',
    async run(ctx) {
      const namespace = await ctx.namespace();
      const name = 'named';
      const [one, two] = ctx.use(fleet).sameNode();
      const web = { name: 'web', port: podPort };
      const { fqdn, object } = await serve(ctx, {
        name,
        namespace,
        ports: [{ ...web, port: 80 }],
        more: { clusterIP: 'None' },
      });
      const addresses = [one.ip, two.ip];
      const slice = sliceObject({ name, namespace, service: name, addresses, hostnames, ports: [web] });
      await ctx.apply(slice);
      await expectSrv(ctx, fleetModel(ctx, object, slice), `_web._tcp.${fqdn}`);
    },
  }),
];

async function expectSrv(ctx: CaseContext, model: ClusterModel, name: string): Promise<void> {
  const checks = ctx.use(fleet).agents.map((from) => ({ from, probe: ask(ctx, 'SRV', name) }));
  const targets = async () =>
    (await measure(checks)).map(({ result }) => canonical(srvTargets(result.dns?.answers ?? [])));
  const want = canonical(recordsOf(ctx, model, { rrtype: 'SRV', name }).answers);
  const { dnsSettleMs: timeoutMs } = ctx.timeouts;
  await ctx.settle(
    'SRV records appear',
    async () => {
      const different = (await targets()).find((one) => one.join() !== want.join());
      return different === undefined
        ? undefined
        : `${name} answers [${different.join(', ')}], wanted ${want.join(', ')}`;
    },
    { timeoutMs },
  );
  for (const seen of await targets()) assertSame(seen, want, `SRV ${name}`);
}
