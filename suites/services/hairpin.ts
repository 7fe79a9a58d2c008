import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { everyNth } from '../../harness/base/every-nth.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { open } from '../../harness/table/checks.ts';
import { serve } from '../../harness/workload/serve.ts';
import { podPorts, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

/** On clusters with more nodes a sample of them. */
const mostNodes = 20;
const offered = [
  { name: 'http', port: servicePorts.http, targetPort: 'http' },
  { name: 'tcp', port: servicePorts.tcp, targetPort: 'tcp' },
  { name: 'udp', port: servicePorts.udp, protocol: 'UDP', targetPort: 'udp' },
] as const;

export const testCase = defineCase({
  id: 'services-hairpin',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A pod reaches itself through its own Service over TCP, UDP and HTTP',
  tags: ['hairpin'],
  needs: [feature('Hairpin')],
  source: 'e2e: Services should allow pods to hairpin back to themselves through services',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const nodes = everyNth(
      ctx.cluster.info.nodes.filter((node) => node.schedulable),
      mostNodes,
    );
    const specs = nodes.map(({ name: node }, index) => {
      const name = `hairpin-${index}`;
      return { name, namespace, node, labels: { app: name }, ports: podPorts };
    });
    const pods = await ctx.agents(specs);
    if (pods.length === 0) throw new InconclusiveError('no node takes pods');
    ctx.parameter('asked on', pods.map(({ node }) => node).join(', '));
    const checks = await Promise.all(
      pods.map(async (self) => {
        const { name } = self;
        const service = await serve(ctx, { name, namespace, selector: { app: name }, ports: offered });
        return transportChecks(ctx, [self], service.ip, servicePorts, open(name));
      }),
    );
    const seen = await settleAndExpect(ctx, 'own Service answers', checks.flat());
    const peers = seen.flatMap(({ result }) => result.peerSeen ?? []);
    ctx.parameter('source seen', [...new Set(peers)].join(', '));
  },
});
