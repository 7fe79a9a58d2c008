import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { answers, ask, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { readService, serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-type-change',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A Service can turn from ClusterIP to NodePort to ExternalName and back',
  tags: ['mutation', 'node-port', 'external-name', 'e2e:conformance'],
  needs: [feature('NodePort')],
  source: 'e2e: Services should be able to change the type from NodePort to ExternalName (and the three like it)',
  async run(ctx) {
    const ports = fleetPortSpecs(ctx);
    const service = await serveFleet(ctx, ports);
    const want = open(...fleetNames(ctx));
    const answer = (what: string, host: string, port: number) =>
      settleAndExpect(
        ctx,
        what,
        ctx.use(fleet).agents.map((from) => ({ from, probe: reach(ctx, 'http', host, port), want })),
      );
    await answer('ClusterIP answers', service.ip, servicePorts.http);

    await ctx.kube.patch(service.ref, { spec: { type: 'NodePort' } });
    const exposed = await readService(ctx, service.ref);
    expect(exposed.ip, 'ClusterIP after the change to NodePort').to.equal(service.ip);
    const node = first(ctx.cluster.info.nodes, 'node').ip;
    await answer('NodePort answers after the change', node, exposed.nodePort(servicePorts.http));

    const externalName = 'elsewhere.example.com';
    const bare = { type: 'ExternalName', externalName, clusterIP: null, clusterIPs: null, ipFamilies: null };
    await ctx.kube.patch(service.ref, {
      spec: { ...bare, ipFamilyPolicy: null, internalTrafficPolicy: null, ports: null },
    });
    const alias = ctx.use(fleet).agents.map((from) => ({
      from,
      probe: ask(ctx, 'CNAME', service.fqdn),
      want: answers(externalName),
    }));
    await settleAndExpectDns(ctx, 'ExternalName answers after the change', alias);

    const targets = ports.map((port) => ({ protocol: 'TCP', ...port }));
    await ctx.kube.patch(service.ref, { spec: { type: 'ClusterIP', externalName: null, ports: targets } });
    const back = await readService(ctx, service.ref);
    await answer('ClusterIP answers again', back.ip, servicePorts.http);
  },
});
