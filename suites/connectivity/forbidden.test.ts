import { expect } from 'chai';
import { notToRun } from '../../harness/case/needs.ts';
import { outcomeOf } from '../../harness/case/outcome.ts';
import { anyDisruption } from '../../harness/case/touches.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import { fakeKube } from '../../harness/cluster/fake-kube.test-support.ts';
import { KubeError } from '../../harness/kube/errors.ts';
import type { Rights } from '../../harness/kube/rights.ts';
import type { Kube } from '../../harness/kube/types.ts';
import { cases as policyApi } from '../networkpolicy/api.ts';
import { testCase as apiProxy } from './api-proxy.ts';

/** Runs a case on a cluster that answers every creation like this. */
async function runOn(one: CaseDefinition | undefined, create: Kube['create']): Promise<unknown> {
  const kube = { ...fakeKube([]), create };
  const ctx = { cluster: { kube }, kube, namespace: () => Promise.resolve('x') } as unknown as CaseContext;
  return one?.run(ctx).catch((error: unknown) => error);
}

describe('what an account may not do', () => {
  const ending = (one: CaseDefinition, lacking: (rights: Rights) => Rights) =>
    notToRun(one, { features: new Map(), consent: anyDisruption, lacking });

  it('leaves the case that looks through the API server inconclusive, by what is lacking', () => {
    const proxies = (rights: Rights) => rights.filter(({ resource }) => resource === 'pods/proxy');
    const verdict = ending(apiProxy, proxies);
    expect(verdict).to.include({ outcome: 'inconclusive' });
    expect(verdict?.reason).to.match(/needs the right to get pods\/proxy; found: the account/);
    expect(ending(apiProxy, () => [])).to.equal(undefined);
  });

  it('is never taken for an API that rejects in its own way', async () => {
    const invalid = policyApi.find(({ id }) => id === 'networkpolicy-api-rejects-invalid');
    const forbidden = () => Promise.reject(new KubeError('forbidden by somebody', { status: 403 }));
    expect(outcomeOf(await runOn(invalid, forbidden))).to.include({ outcome: 'inconclusive' });
  });
});
