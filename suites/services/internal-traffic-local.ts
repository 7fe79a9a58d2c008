import { defineCase, feature } from '../../harness/case/define-case.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { onePod } from '../../harness/workload/backends.ts';
import { answeredBy, modelOf, namesBehind } from '../../harness/workload/expected.ts';
import { everyone, httpPort, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'services-internal-traffic-local',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'With internalTrafficPolicy Local a ClusterIP leads to endpoints of the own node only',
  tags: ['cluster-ip', 'traffic-policy'],
  needs: [feature('MultiNode', 'a client on another node than the endpoint')],
  source: 'KEP-2086; e2e: Services should respect internalTrafficPolicy=Local Pod to Pod',
  async run(ctx) {
    const { agent, service } = await onePod(ctx, 'local', [httpPort], { internalTrafficPolicy: 'Local' });
    const model = modelOf([service.object], [{ agent, labels: { app: 'local' } }]);
    const probe = reach(ctx, 'http', service.ip, servicePorts.http);
    const checks = everyone(ctx).map((from) => ({
      from,
      probe,
      want: answeredBy(namesBehind(model, service, from.node)),
    }));
    await settleAndExpect(ctx, 'only clients of the endpoint node are served', checks);
  },
});
