import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { isIPv6 } from 'node:net';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { pause } from '../../harness/fault/drivers/pause.ts';
import { pointAt } from './support/tables.ts';
import { nodePair } from './support/nodes.ts';
import { expectAsWanted, observe, open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { serve } from '../../harness/workload/serve.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { serviceRights, sliceRights } from '../../harness/workload/rights.ts';

/** kube-proxy's default of `--healthz-bind-address`, on all addresses. */
const healthPort = 10_256;

/** Asked from the nodes themselves: some CNIs route pods to Services without kube-proxy, none routes its own node. */
export const testCase = defineCase({
  id: 'faults-kube-proxy-paused',
  area: 'faults',
  touches: beyondOwn('node', 'nodes', 'kube-proxy of a node is paused'),
  rights: [serviceRights, sliceRights],
  uses: [fleet, hostAgents],
  title: 'While kube-proxy of a node hangs, Services keep routing to the old endpoints; then they catch up',
  tags: ['kube-proxy', 'stale'],
  needs: [feature('NodeAccess'), feature('KubeProxy'), feature('MultiNode')],
  exclusive: ['service-proxy', 'paths', 'dns'],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  async run(ctx) {
    const pair = nodePair(ctx);
    const stale = ctx.use(fleet).hostAgents.find((agent) => agent.node === pair.near.name);
    const fresh = ctx.use(fleet).hostAgents.find((agent) => agent.node === pair.far.name);
    if (stale === undefined || fresh === undefined) throw new InconclusiveError('a node has no hostNetwork agent');
    const place = { namespace: await ctx.namespace(), name: 'moves' };
    const service = await serve(ctx, { ...place, ports: fleetPortSpecs(ctx) });
    const probe = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    const ask = (from: typeof stale, name: string) => ({ from, probe, want: open(name) });
    const [old, next] = [pair.client, pair.server];
    await pointAt(ctx, place, [old]);
    await settleAndExpect(ctx, 'both nodes reach the old endpoint', [ask(stale, old.name), ask(fresh, old.name)]);
    const host = isIPv6(pair.near.ip) ? `[${pair.near.ip}]` : pair.near.ip;
    const health = { askedFrom: pair.far.name, url: `http://${host}:${healthPort}/healthz` };
    const fault = await ctx.fault(pause, { node: pair.near.name, process: 'kube-proxy', health });
    await fault.inject();
    await pointAt(ctx, place, [next]);
    await settleAndExpect(ctx, 'the healthy node reaches the new endpoint', [ask(fresh, next.name)]);
    expectAsWanted(await observe([ask(stale, old.name)]));
    await fault.revert();
    await settleAndExpect(ctx, 'the paused node catches up', [ask(stale, next.name)]);
  },
});
