import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import type { KubeObject } from '../kube/types.ts';
import type { Agent } from '../probe/agent-types.ts';
import { refuseLostPods } from './lost-pods.ts';

const ip = '10.0.0.7';
const agent = { name: 'a', namespace: 'run-x', ip } as Agent;
const tracked = { namespaceKey: 'x', name: 'a', agent, service: undefined, labels: {} };
const pod = (status: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'run-x', ...metadata },
  status,
});
const judged = (...stored: KubeObject[]): Promise<unknown> =>
  refuseLostPods({ list: () => Promise.resolve(stored) }, [tracked], new Error('cells disagree')).catch(
    (error: unknown) => error,
  );

describe('refuseLostPods', () => {
  it('lets a failure stand while every pod is where it was', async () => {
    expect(await judged(pod({ phase: 'Running', podIP: ip }))).to.equal(undefined);
  });

  it('calls the case undecided, by name and fate, when a pod was taken away', async () => {
    const fates: [KubeObject[], RegExp][] = [
      [[], /x\/a is gone/],
      [[pod({ phase: 'Failed', reason: 'Evicted' })], /x\/a is Failed Evicted/],
      [[pod({ phase: 'Running', podIP: ip }, { deletionTimestamp: '2026-01-01T00:00:00Z' })], /being deleted/],
      [[pod({ phase: 'Running', podIP: '10.0.0.9' })], /moved from 10\.0\.0\.7 to 10\.0\.0\.9/],
    ];
    for (const [stored, told] of fates) {
      const error = await judged(...stored);
      expect(error).to.be.instanceOf(InconclusiveError).with.property('message').that.matches(told);
      expect(error).to.have.property('cause').that.is.instanceOf(Error);
    }
  });
});
