import { defineCase } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { reach } from '../../harness/table/probes.ts';
import type { AgentPort } from '../../harness/probe/types.ts';
import { schedulableNodes, startPods } from '../../harness/workload/backends.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { sliceObject } from '../../harness/workload/objects.ts';
import { serve } from '../../harness/workload/serve.ts';
import { clientsOnNodes, expectResponders, settleOnResponders } from '../../harness/workload/service-traffic.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

/** Few pods with many ports are many endpoints: address and port make one. 4 x 255 are the first 1,020. */
const crowd = ['one', 'two', 'three', 'four'];
const portsOfEach = 255;
const firstPort = 20_000;
const lastPorts = 64;
/** Tries that miss the last pod's 64 of 1,084 endpoints by chance once in 10^8. */
const tries = 300;

const portsOf = (count: number): AgentPort[] =>
  Array.from({ length: count }, (_, index) => ({ port: firstPort + index, protocol: 'TCP' }));

export const testCase = defineCase({
  id: 'services-more-than-thousand-endpoints',
  area: 'services',
  touches: beyondOwn('cluster', 'load', 'every node is told of 1,084 endpoints'),
  rights: [serviceRights, sliceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A Service with more than 1,000 endpoints in many EndpointSlices leads to those beyond the thousandth too',
  tags: ['endpointslice', 'scale'],
  source: 'KEP-752; https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#motivation',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const nodes = schedulableNodes(ctx);
    const pods = await startPods(
      ctx,
      'crowd',
      [...crowd, 'last'].map((name, index) => ({
        ...{ name, node: nodes[index % nodes.length] },
        ports: portsOf(name === 'last' ? lastPorts : portsOfEach),
      })),
    );
    const service = await serve(ctx, { name: 'crowd', namespace, ports: [{ name: 'many', port: 80 }] });
    const sliceOf = (index: number) => {
      const inSlice = pods.filter(({ name }) => name !== 'last' || index < lastPorts);
      return sliceObject({
        ...{ name: `crowd-${index}`, namespace, service: 'crowd', addresses: inSlice.map(({ ip }) => ip) },
        ports: [{ name: 'many', port: firstPort + index }],
      });
    };
    await ctx.kube.applyAll(Array.from({ length: portsOfEach }, (_, index) => sliceOf(index)));
    ctx.parameter('endpoints', String(crowd.length * portsOfEach + lastPorts));
    const from = clientsOnNodes(ctx);
    const probe = reach(ctx, 'tcp', service.ip, 80);
    const names = pods.map(({ name }) => name);
    await settleOnResponders(ctx, 'every pod answers', { from, probe, names, count: tries });
    await expectResponders(ctx, { from, probe, names, count: tries });
  },
});
