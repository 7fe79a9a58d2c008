import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { dropped, open, type Check } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { onePod } from '../../harness/workload/backends.ts';
import { modelOf, namesBehind } from '../../harness/workload/expected.ts';
import { httpPort, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-external-traffic-local',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet, hostAgents],
  title:
    'With externalTrafficPolicy Local only nodes with an endpoint answer a NodePort, and the client address is kept',
  tags: ['node-port', 'traffic-policy', 'source-ip'],
  needs: [feature('NodePort'), feature('MultiNode', 'a client on another node than the endpoint')],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy',
  async run(ctx) {
    const more = { type: 'NodePort', externalTrafficPolicy: 'Local' };
    const { agent, service } = await onePod(ctx, 'local', [httpPort], more);
    const model = modelOf([service.object], [{ agent, labels: { app: 'local' } }]);
    const port = service.nodePort(servicePorts.http);
    const checks = ctx.use(fleet).hostAgents.flatMap((from): Check[] =>
      ctx.cluster.info.nodes
        // A node's own processes are not external traffic: the policy does not speak about them.
        .filter((node) => node.name !== from.node)
        .map((node) => {
          const names = namesBehind(model, service, node.name, 'external');
          const want = names.length === 0 ? dropped : { ...open(...names), peers: from.ips };
          return { from, probe: reach(ctx, 'http', node.ip, port), want };
        }),
    );
    const seen = await settleAndExpect(ctx, 'only the endpoint node answers', checks);
    const answered = seen.filter(({ result }) => result.verdict === 'open');
    expect(answered, 'answers from the node with the endpoint').to.have.lengthOf.above(0);
  },
});
