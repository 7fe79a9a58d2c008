import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { describeSeen, measure } from '../../harness/table/checks.ts';
import { readService } from '../../harness/workload/serve.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { everyone } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

/** Authentication is not what is asked: an API server that knows nobody answers 401 or 403. */
const answersOfAnApiServer = [200, 401, 403];

export const testCase = defineCase({
  id: 'services-kubernetes-api',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'The Service kubernetes.default leads pods and nodes to the API server',
  tags: ['cluster-ip', 'e2e:conformance'],
  source: 'e2e: Services should provide secure master service',
  async run(ctx) {
    const { ip } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const { connectMs: timeoutMs } = ctx.timeouts;
    const probe = { kind: 'http', host: ip, port: 443, path: '/version', tls: true, timeoutMs } as const;
    const checks = everyone(ctx).map((from) => ({ from, probe }));
    await ctx.settle('API server answers', async () => {
      const silent = (await measure(checks)).find(({ result }) => result.verdict !== 'open');
      return silent === undefined ? undefined : describeSeen(silent);
    });
    for (const one of await measure(checks)) {
      expect(one.result.http?.status, describeSeen(one)).to.be.oneOf(answersOfAnApiServer);
    }
  },
});
