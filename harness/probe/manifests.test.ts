import { expect } from 'chai';
import { bundleAgent } from './bundle.ts';
import { bundleManifest, podManifest, podTemplate } from './manifests.ts';
import { controlPortOf, Pod } from './pod-status.ts';
import type { AgentPodSpec } from './agent-pod-spec.ts';

const context = { agentImage: 'node:22', runId: 'r1', labels: { 'ordeal.dev/case': 'c' } };
const spec: AgentPodSpec = {
  name: 'a',
  namespace: 'x',
  labels: { pod: 'a' },
  ports: [
    { port: 80, protocol: 'TCP', name: 'serve-80-tcp' },
    { port: 80, protocol: 'UDP', name: 'serve-80-udp' },
    { port: 8080, protocol: 'HTTP' },
  ],
};
const container = 'spec.containers[0]';

describe('probe pod manifests', () => {
  it('satisfy every rule of PodSecurity restricted', () => {
    const pod = podManifest(spec, context);
    expect(pod).to.nested.include({
      'spec.securityContext.runAsNonRoot': true,
      'spec.securityContext.seccompProfile.type': 'RuntimeDefault',
      [`${container}.securityContext.allowPrivilegeEscalation`]: false,
      [`${container}.securityContext.readOnlyRootFilesystem`]: true,
    });
    expect(pod)
      .to.have.nested.property(`${container}.securityContext.capabilities`)
      .that.deep.equals({ drop: ['ALL'] });
    expect(pod).to.have.nested.property('spec.hostNetwork', undefined);
    expect(pod).to.have.nested.property('spec.securityContext.sysctls[0].name', 'net.ipv4.ip_unprivileged_port_start');
  });

  it('carry the labels of the run, over those a caller set', () => {
    const labels = podManifest({ ...spec, labels: { pod: 'a', 'ordeal.dev/run': 'other' } }, context).metadata.labels;
    expect(labels).to.deep.equal({
      pod: 'a',
      'ordeal.dev/case': 'c',
      'ordeal.dev/run': 'r1',
      'app.kubernetes.io/managed-by': 'ordeal',
    });
  });

  it('declare HTTP ports as TCP and keep names for named-port policies', () => {
    expect(podManifest(spec, context))
      .to.have.nested.property(`${container}.ports`)
      .that.deep.equals([
        { containerPort: 80, protocol: 'TCP', name: 'serve-80-tcp' },
        { containerPort: 80, protocol: 'UDP', name: 'serve-80-udp' },
        { containerPort: 8080, protocol: 'TCP', name: undefined },
      ]);
  });

  it('leave the pod time for its preStop and drain', () => {
    const grace = (extra: Partial<AgentPodSpec>) =>
      podTemplate({ ...spec, ...extra }, context).spec['terminationGracePeriodSeconds'];
    expect([grace({}), grace({ preStopSeconds: 5 }), grace({ preStopSeconds: 5, drainMs: 1500 })]).to.deep.equal([
      1, 6, 8,
    ]);
    expect(grace({ preStopSeconds: 5, terminationGracePeriodSeconds: 2 })).to.equal(2);
  });

  it('give agents on the node network control ports of their own, which the pod itself tells', () => {
    const portOf = (name: string) => {
      const pod = podManifest({ ...spec, name, hostNetwork: true }, context);
      return controlPortOf(Pod.parse({ ...pod, metadata: { ...pod.metadata, namespace: 'x' } }));
    };
    expect(portOf('a')).to.be.within(20_000, 27_999).and.not.equal(portOf('b'));
    expect(controlPortOf(Pod.parse(podManifest(spec, context)))).to.equal(9474);
  });

  it('bring a bundle far below the size limit of a ConfigMap', async () => {
    const bundle = await bundleAgent();
    expect(bundle.code.length).to.be.within(10_000, 300_000);
    expect(bundleManifest('x', bundle, 'r1').metadata.name).to.equal('ordeal-agent');
    expect(await bundleAgent()).to.equal(bundle);
  });
});
