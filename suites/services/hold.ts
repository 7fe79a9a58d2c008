import { InconclusiveError } from '../../harness/base/errors.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { onePodANode } from '../../harness/probe/standing-fleet.ts';
import { BackendPicks, requireAllPicked } from '../../harness/table/backend-picks.ts';
import type { Check } from '../../harness/table/checks.ts';
import { describeProbe } from '../../harness/table/probes.ts';
import { endpointAddresses } from '../../harness/workload/endpoints.ts';
import { answeredByFleet, fleetModel, namesBehind } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { holdChecks } from '../../harness/workload/hold-checks.ts';
import { type Served, serveFleet } from '../../harness/workload/serve.ts';
import { everyone, fleetPortSpecs, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { addressesFor } from '../connectivity/support/addresses.ts';
import { readSliceRights, serviceRights } from '../../harness/workload/rights.ts';

const shared = {
  area: 'services',
  touches: 'own',
  rights: [serviceRights, readSliceRights],
  uses: [fleet],
  tags: ['intermittent', 'latency', 'every-node'],
  idleLoad: idleLoads.hold,
} as const;

export const cases = [
  defineCase({
    ...shared,
    id: 'services-hold-cluster-ip',
    title:
      'A ClusterIP goes on answering every pod and every node, from each backend, without a relapse and without delay',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-clusterip',
    async run(ctx) {
      const service = await serveFleet(ctx, fleetPortSpecs(ctx));
      const want = answeredByFleet(ctx, service);
      const checks = transportChecks(ctx, everyone(ctx), service.ip, servicePorts, want);
      await holdBackends(ctx, 'ClusterIP answers', service, checks);
    },
  }),
  defineCase({
    ...shared,
    id: 'services-hold-node-port',
    title: 'A NodePort of every node goes on answering, from each backend, without a relapse and without delay',
    needs: [feature('NodePort')],
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
    async run(ctx) {
      const service = await serveFleet(ctx, fleetPortSpecs(ctx), { type: 'NodePort' });
      const ports = { tcp: service.nodePort(servicePorts.tcp), udp: service.nodePort(servicePorts.udp, 'UDP') };
      const clients = onePodANode(ctx.use(fleet).agents);
      const checks = clients.flatMap((from) =>
        ctx.cluster.info.nodes
          .flatMap((node) => addressesFor(from, node))
          .flatMap((address) => transportChecks(ctx, [from], address, ports, answeredByFleet(ctx, service))),
      );
      await holdBackends(ctx, 'NodePort answers', service, checks);
    },
  }),
];

/**
 * Holds, and counts who answered each node at each address and port: rules are a node's own, and every look asks over a
 * new connection, or from a new socket. @throws also where a node never picked a backend that is ready.
 */
async function holdBackends(ctx: CaseContext, what: string, service: Served, checks: readonly Check[]): Promise<void> {
  const names = namesBehind(fleetModel(ctx, service.object), service);
  const picks = new BackendPicks();
  await holdChecks(ctx, what, checks, ({ from, probe }, { responder }) => {
    if (responder !== undefined) picks.note(`${from.node} -> ${describeProbe(probe)}`, names, responder);
  });
  ctx.parameter('backends', picks.describePower());
  const shares = picks.smallestShares();
  if (shares.length > 0)
    ctx.measure('smallest_share', Math.min(...shares), 'ratio', { backends: String(names.length) });
  await requireReady(ctx, service, picks);
  requireAllPicked(what, picks);
}

/** A backend that is not ready is rightly left out: no verdict on the network. */
async function requireReady(ctx: CaseContext, service: Served, picks: BackendPicks): Promise<void> {
  const silent = new Set(picks.neverPicked().map(({ backend }) => backend));
  if (silent.size === 0) return;
  const ready = new Set(await endpointAddresses(ctx, service));
  const unready = ctx.use(fleet).agents.filter(({ name, ips }) => silent.has(name) && !ips.some((ip) => ready.has(ip)));
  if (unready.length === 0) return;
  throw new InconclusiveError(`${unready.map(({ name }) => name).join(', ')}: not ready while Service was held`, {
    remedy: 'The machine is too busy to answer the kubelet in time; run with less beside it.',
  });
}
