import { defineCase, feature } from '../../harness/case/define-case.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { open, settleAndExpect } from '../../harness/table/checks.ts';
import { serve } from '../../harness/workload/serve.ts';
import { podPorts, servicePorts, transportChecks } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const labels = { app: 'hairpin' };

export const testCase = defineCase({
  id: 'services-hairpin',
  area: 'services',
  uses: [fleet],
  title: 'A pod reaches itself through its own Service over TCP, UDP and HTTP',
  tags: ['hairpin'],
  needs: [feature('Hairpin')],
  source: 'e2e: Services should allow pods to hairpin back to themselves through services',
  async run(ctx) {
    const namespace = await ctx.namespace();
    const [self] = await ctx.agents([{ name: 'hairpin', namespace, labels, ports: podPorts }]);
    if (self === undefined) throw new InconclusiveError('no pod was started');
    const service = await serve(ctx, {
      name: 'hairpin',
      namespace,
      selector: labels,
      ports: [
        { name: 'http', port: servicePorts.http, targetPort: 'http' },
        { name: 'tcp', port: servicePorts.tcp, targetPort: 'tcp' },
        { name: 'udp', port: servicePorts.udp, protocol: 'UDP', targetPort: 'udp' },
      ],
    });
    const checks = transportChecks(ctx, [self], service.ip, servicePorts, open(self.name));
    const seen = await settleAndExpect(ctx, 'own Service answers', checks);
    const peers = seen.flatMap(({ result }) => result.peerSeen ?? []);
    ctx.parameter('source seen', [...new Set(peers)].join(', '));
  },
});
