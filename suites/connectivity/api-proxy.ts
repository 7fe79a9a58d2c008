import { expect } from 'chai';
import { z } from 'zod';
import { defineCase } from '../../harness/case/define-case.ts';
import { describeError } from '../../harness/base/errors.ts';
import { fleetPorts } from '../../harness/table/probes.ts';
import { first } from '../../harness/workload/backends.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames, fleetPortSpecs, servicePorts } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';
import { may } from '../../harness/kube/rights.ts';

const Answer = z.looseObject({ pod: z.string() });

export const testCase = defineCase({
  id: 'connectivity-api-proxy',
  area: 'connectivity',
  touches: 'own',
  rights: [serviceRights, may(['get'], 'pods/proxy'), may(['get'], 'services/proxy')],
  uses: [fleet],
  title: 'The API server reaches pods and Services on behalf of a client through its proxy',
  tags: ['api-server', 'proxy', 'e2e:conformance'],
  source: 'e2e: Proxy version v1 A set of valid responses are returned for both pod and service Proxy',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const pod = first(ctx.use(fleet).agents, 'standing pod');
    const { http } = fleetPorts(ctx.use(fleet));
    const namespace = `/api/v1/namespaces/${service.namespace}`;
    const paths = {
      [`${namespace}/pods/${pod.name}:${http}/proxy/`]: [pod.name],
      [`${namespace}/services/${service.name}:${servicePorts.http}/proxy/`]: fleetNames(ctx),
      [`${namespace}/services/http:${service.name}:http/proxy/`]: fleetNames(ctx),
    };
    const answers = (path: string) => ctx.kube.raw(path).then((body) => Answer.parse(body).pod);
    for (const [path, names] of Object.entries(paths)) {
      await ctx.settle('API server proxies', async () => {
        const seen = await answers(path).catch(describeError);
        return names.includes(seen) ? undefined : `${path}: ${seen}`;
      });
      expect(await answers(path), path).to.be.oneOf(names);
    }
  },
});
