import { expect } from 'chai';
import { KubeError } from '../../harness/kube/errors.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import type { KubeObject } from '../../harness/kube/types.ts';
import { manage, may } from '../../harness/kube/rights.ts';

const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
const source = 'https://github.com/kubernetes/kubernetes/blob/master/test/e2e/network/netpol/network_policy_api.go';
const all = may([...manage, 'list'], 'networkpolicies.networking.k8s.io');
const shared = { area: 'networkpolicy', touches: 'own', rights: [all], tags: ['api'], source } as const;

function withPort(namespace: string, name: string, port: object): KubeObject {
  const spec = { podSelector: {}, ingress: [{ ports: [port] }] };
  return { ...kind, metadata: { name, namespace }, spec };
}

export const cases = [
  defineCase({
    ...shared,
    id: 'networkpolicy-api-crud',
    title: 'The NetworkPolicy API creates, reads, lists, patches and deletes',
    run: async (ctx) => {
      const namespace = await ctx.namespace('api');
      const ref = { ...kind, namespace, name: 'crud' };
      await ctx.kube.create(withPort(namespace, 'crud', { protocol: 'TCP', port: 80 }));
      expect(await ctx.kube.list({ ...kind, namespace })).to.have.length(1);
      const patched = await ctx.kube.patch(ref, { metadata: { labels: { patched: 'true' } } });
      expect(patched.metadata.labels).to.include({ patched: 'true' });
      await ctx.kube.remove(ref, { awaitGone: true });
      expect(await ctx.kube.get(ref)).to.equal(undefined);
    },
  }),
  defineCase({
    ...shared,
    id: 'networkpolicy-api-endport-kept',
    title: 'The API keeps endPort and defaults policyTypes',
    run: async (ctx) => {
      const namespace = await ctx.namespace('api');
      const stored = await ctx.kube.create(withPort(namespace, 'range', { protocol: 'TCP', port: 80, endPort: 90 }));
      expect(stored['spec']).to.deep.include({ policyTypes: ['Ingress'] });
      expect(JSON.stringify(stored['spec'])).to.contain('"endPort":90');
    },
  }),
  defineCase({
    ...shared,
    id: 'networkpolicy-api-rejects-invalid',
    title: 'The API rejects an endPort below its port and an except outside its block',
    run: async (ctx) => {
      const namespace = await ctx.namespace('api');
      const outside = { ipBlock: { cidr: '10.0.0.0/24', except: ['10.1.0.0/28'] } };
      const wrong: KubeObject[] = [
        withPort(namespace, 'range', { protocol: 'TCP', port: 90, endPort: 80 }),
        { ...kind, metadata: { name: 'except', namespace }, spec: { podSelector: {}, ingress: [{ from: [outside] }] } },
      ];
      for (const object of wrong)
        expect(await refusal(ctx.kube.create(object)), object.metadata.name).to.match(/422|Invalid/i);
    },
  }),
];

async function refusal(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'accepted',
    (error: unknown) => {
      // Somebody's admission or a missing right says nothing of what the API takes for valid.
      if (error instanceof KubeError && error.status === 403) throw error;
      return String(error);
    },
  );
}
