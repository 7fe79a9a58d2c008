import { expect } from 'chai';
import { SkipError } from '../../harness/base/errors.ts';
import { outcomeOf } from '../../harness/case/outcome.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import { fakeKube } from '../../harness/cluster/fake-kube.test-support.ts';
import { KubeError } from '../../harness/kube/errors.ts';
import type { Kube, KubeObject } from '../../harness/kube/types.ts';
import { cases as policyApi } from '../networkpolicy/api.ts';
import { testCase as apiProxy } from './api-proxy.ts';

/** Runs a case on a cluster that answers every creation like this. */
async function runOn(one: CaseDefinition | undefined, create: Kube['create']): Promise<unknown> {
  const kube = { ...fakeKube([]), create };
  const ctx = { cluster: { kube }, kube, namespace: () => Promise.resolve('x') } as unknown as CaseContext;
  return one?.run(ctx).catch((error: unknown) => error);
}

describe('what an account may not do', () => {
  it('skips the case that looks through the API server, by what is lacking', async () => {
    const denied = <T extends KubeObject>(review: T) => Promise.resolve({ ...review, status: { allowed: false } });
    const error = await runOn(apiProxy, denied);
    expect(error).to.be.instanceOf(SkipError);
    expect(outcomeOf(error))
      .to.include({ outcome: 'skipped' })
      .with.property('reason')
      .that.matches(/get pods\/proxy/);
  });

  it('is never taken for an API that rejects in its own way', async () => {
    const invalid = policyApi.find(({ id }) => id === 'networkpolicy-api-rejects-invalid');
    const forbidden = () => Promise.reject(new KubeError('forbidden by somebody', { status: 403 }));
    expect(outcomeOf(await runOn(invalid, forbidden))).to.include({ outcome: 'inconclusive' });
  });
});
