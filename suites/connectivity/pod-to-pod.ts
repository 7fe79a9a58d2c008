import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { onOneNode, onTwoNodes, pairs } from './support/addresses.ts';
import { open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, transports } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const places = [
  { key: 'same-node', title: 'on one node', keep: onOneNode, needs: [] },
  { key: 'other-node', title: 'on two nodes', keep: onTwoNodes, needs: [feature('MultiNode')] },
] as const;

export const cases = places.flatMap(({ key, title, keep, needs }) =>
  transports.map((kind) =>
    defineCase({
      id: `connectivity-pod-to-pod-${key}-${kind}`,
      area: 'connectivity',
      touches: 'own',
      rights: [],
      uses: [fleet],
      title: `Every pod reaches every other pod ${title} over ${kind.toUpperCase()}`,
      tags: kind === 'tcp' ? ['pod-to-pod', key, kind] : ['pod-to-pod', key, kind, 'e2e:conformance'],
      needs,
      source: 'e2e: Networking Granular Checks: Pods should function for intra-pod communication: http, udp',
      async run(ctx) {
        const port = fleetPorts(ctx.use(fleet))[kind];
        const checks = pairs(ctx.use(fleet).agents, keep).flatMap(([from, to]) =>
          to.ips.map((ip) => ({ from, probe: reach(ctx, kind, ip, port), want: open(to.name) })),
        );
        const seen = await settleAndExpect(ctx, `pods answer ${title}`, checks);
        for (const { check, result } of seen) {
          ctx.measure('round_trip', result.elapsedUs, 'us', { from: check.from.node, protocol: kind, path: key });
        }
      },
    }),
  ),
);
