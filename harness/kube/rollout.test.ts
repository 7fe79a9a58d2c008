import { expect } from 'chai';
import { podTrouble, rolloutGap } from './rollout.ts';

const workload = (kind: string, spec: object, status: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'w', generation: 2 },
  spec,
  status: { observedGeneration: 2, ...status },
});

describe('rolloutGap', () => {
  it('is a gap while the controller has not seen the newest generation', () => {
    const stale = workload('Deployment', {}, { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1 });
    expect(rolloutGap(stale)).include('controller');
  });

  it('counts old pods of a Deployment', () => {
    const status = { replicas: 3, updatedReplicas: 2, availableReplicas: 2 };
    expect(rolloutGap(workload('Deployment', { replicas: 2 }, status))).equal('1 old pods remain');
  });

  it('has no gap when everything wanted is updated and available', () => {
    const deployed = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    expect(rolloutGap(workload('Deployment', { replicas: 2 }, deployed))).equal(undefined);
    const set = { readyReplicas: 1, availableReplicas: 1, currentRevision: 'r', updateRevision: 'r' };
    expect(rolloutGap(workload('StatefulSet', {}, set))).equal(undefined);
    const daemons = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 };
    expect(rolloutGap(workload('DaemonSet', {}, daemons))).equal(undefined);
  });

  it('says what is missing of a DaemonSet and a StatefulSet', () => {
    const daemons = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 1 };
    expect(rolloutGap(workload('DaemonSet', {}, daemons))).equal('1 of 3 available');
    const set = { readyReplicas: 1, availableReplicas: 1, currentRevision: 'r', updateRevision: 's' };
    expect(rolloutGap(workload('StatefulSet', {}, set))).equal('0 of 1 updated');
  });

  it('is a gap when there is no such workload', () => {
    expect(rolloutGap(undefined)).equal('it does not exist');
  });
});

describe('podTrouble', () => {
  const pod = (status: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, status });

  it('has none with a ready pod', () => {
    expect(podTrouble(pod({ conditions: [{ type: 'Ready', status: 'True' }] }))).equal(undefined);
  });

  it('says why a pod is not placed', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }];
    expect(podTrouble(pod({ conditions }))).equal('p: 0/1 nodes are available');
  });
});
