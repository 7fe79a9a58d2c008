import { expect } from 'chai';
import { cnis } from '../../../clusters/cni/index.ts';
import { agentPlaces } from './cni.ts';

describe('agentPlaces', () => {
  it('agrees with what the cluster installs', () => {
    for (const { name, agent } of Object.values(cnis)) {
      const place = agentPlaces[name];
      const installed = { namespace: agent.workload.namespace, daemonSet: agent.workload.name };
      expect(place, name).to.include({ ...installed, labelSelector: agent.podSelector });
      expect(agent.process, name).to.include(place?.command ?? 'no command');
    }
  });
});
