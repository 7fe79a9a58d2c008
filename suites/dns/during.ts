import { z } from 'zod';
import type { CaseContext } from '../../harness/case/types.ts';
import { may } from '../../harness/kube/rights.ts';
import type { AreaTable, End } from '../../harness/during/types.ts';
import { lookAtQueries } from '../../harness/during/seen-checks.ts';
import { answers, ask, overBoth } from '../../harness/table/dns-queries.ts';
import { onePodANode } from '../../harness/probe/standing-fleet.ts';
import { fleetPorts } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { everyone } from '../../harness/workload/service-traffic.ts';
import { addressType, serviceName } from './support/names.ts';

export const duringTable: AreaTable = {
  area: 'dns',
  claim: 'the cluster DNS goes on answering with the right records',
  needs: [],
  uses: [fleet],
  rights: [may(['list'], 'pods', { namespace: 'kube-system' })],
  source: 'https://github.com/kubernetes/dns/blob/master/docs/specification.md',
  async open(ctx) {
    const { ip } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const question = { rrtype: addressType(ip), name: serviceName(ctx, 'kubernetes', 'default') };
    const servers = await dnsServers(ctx);
    const checks = overBoth(ctx, everyone(ctx), question, answers(ip)).map((check) => ({ ...check, ends: servers }));
    const { agents } = ctx.use(fleet);
    const probe = ask(ctx, question.rrtype, question.name);
    const ownPort = fleetPorts(ctx.use(fleet)).tcp;
    const expect = { rcodes: ['NOERROR'], records: [ip] };
    return {
      victim: agents.find(({ node }) => node !== agents[0]?.node) ?? agents[0],
      lanes: onePodANode(agents)
        .slice(0, 2)
        .map((from) => ({ from, probe, expect, denied: false, ends: [from, ...servers], servers: [], ownPort })),
      look: () => lookAtQueries(checks),
    };
  },
};

const Pod = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({ nodeName: z.string().default('') }),
});

async function dnsServers({ kube }: CaseContext): Promise<End[]> {
  const query = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' };
  const pods = (await kube.list(query)).map((pod) => Pod.parse(pod));
  return pods.map(({ metadata: { name, namespace }, spec: { nodeName: node } }) => ({ name, namespace, node }));
}
