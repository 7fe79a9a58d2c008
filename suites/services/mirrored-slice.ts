import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { noAgentAnswers } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serve } from '../../harness/workload/serve.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { clientsOnNodes, expectResponders, settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { serviceRights } from '../../harness/workload/rights.ts';
import { manage, may } from '../../harness/kube/rights.ts';

export const testCase = defineCase({
  id: 'services-mirrored-endpoints',
  area: 'services',
  touches: 'own',
  rights: [serviceRights, may(manage, 'endpoints')],
  uses: [fleet],
  tier: 'extended',
  title: 'A Service follows its hand-made Endpoints through their mirrored EndpointSlice, and none stays behind',
  tags: ['endpointslice', 'endpoints', 'mirroring'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#endpointslice-mirroring; KEP-752',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const { http } = fleetPorts(ctx.use(fleet));
    const clients = clientsOnNodes(ctx);
    const [one, two = one] = ctx.use(fleet).agents;
    if (one === undefined || two === undefined) throw new InconclusiveError('the standing fleet has no pods');
    const service = await serve(ctx, { name: 'mirrored', namespace, ports: [{ name: 'web', port: 80 }] });
    const endpoints = (ip: string) => ({
      ...{ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'mirrored', namespace } },
      subsets: [{ addresses: [{ ip }], ports: [{ name: 'web', port: http, protocol: 'TCP' }] }],
    });
    const target = { from: clients, probe: reach(ctx, 'http', service.ip, 80) };
    await ctx.apply(endpoints(one.ip));
    await settleOnResponders(ctx, 'the first address answers', { ...target, names: [one.name] });
    await ctx.kube.apply(endpoints(two.ip));
    await settleOnResponders(ctx, 'the second address answers', { ...target, names: [two.name] });
    await expectResponders(ctx, { ...target, names: [two.name] });
    await ctx.kube.remove({ apiVersion: 'v1', kind: 'Endpoints', namespace, name: 'mirrored' }, { awaitGone: true });
    const checks = clients.map((from) => ({ from, probe: target.probe, want: noAgentAnswers }));
    await settleAndExpect(ctx, 'nobody answers without Endpoints', checks);
  },
});
