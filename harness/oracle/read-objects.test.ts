import { expect } from 'chai';
import { parseManifests } from './manifest-documents.ts';
import { roleOf } from './object-kinds.ts';
import { readObjects } from './read-objects.ts';

describe('oracle: what the API server would accept', () => {
  const read = (text: string, strict = false) => readObjects(parseManifests(text, 'f.yaml'), { strict });
  const faults = async (text: string) => (await read(text)).faults.join('\n');
  const pod = (more: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}, spec: {containers: [{name: c, image: c, ${more}}]}}`;
  const service = (spec: string) =>
    `{apiVersion: v1, kind: Service, metadata: {name: s, namespace: x}, spec: {${spec}}}`;
  const policy = (spec: string, name = 'p') =>
    `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: x}, spec: {${spec}}}`;

  it('refuses what the published schema refuses', async () => {
    expect(await faults(pod('ports: [{containerPort: "80"}]'))).to.contain('containerPort: must be integer');
    expect(await faults(pod('ports: [{containerPort: 80, protocol: tcp}]'))).to.contain(
      'must be one of SCTP, TCP, UDP',
    );
    expect(await faults('{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}')).to.contain(
      'containers is required',
    );
    expect(await faults(policy('podSelector: {matchLabels: {a: true}}'))).to.contain('matchLabels.a: must be string');
    expect(await faults(policy('policyTypes: [ingress]'))).to.contain('must be one of Egress, Ingress');
  });

  it('refuses what only the rules in the code of the API server refuse', async () => {
    expect(await faults(pod('ports: [{containerPort: 80, name: Web}]'))).to.contain('no port name');
    expect(await faults(pod('ports: [{containerPort: 0}]'))).to.contain('containerPort');
    expect(await faults(service('ports: [{port: 80}, {port: 81}]'))).to.contain('several ports need a name each');
    expect(await faults(service('type: ExternalName'))).to.contain('externalName');
    expect(await faults(service('selector: {a: "b c"}, ports: [{port: 80}]'))).to.contain('no label value');
    expect(await faults(policy('ingress: [{ports: [{port: 90, endPort: 80}]}]'))).to.contain('endPort');
    expect(await faults(policy('ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]'))).to.contain('not a CIDR');
  });

  it('takes "" and 0 for absent where the API server sets a default', async () => {
    const kept = [
      pod('ports: [{containerPort: 80, protocol: "", name: "", hostPort: 0}]'),
      service(
        'type: "", clusterIP: "", externalName: "", ports: [{port: 80, protocol: "", targetPort: 0, nodePort: 0}]',
      ),
      service('externalTrafficPolicy: "", ports: [{port: 80, name: "", targetPort: ""}]'),
    ];
    for (const text of kept) expect(await faults(text), text).to.equal('');
  });

  it('judges a name that YAML takes for a boolean as it was written, unless asked to be strict', async () => {
    const { objects, notes } = await read(policy('podSelector: {}', 'n'));
    expect(objects.map(({ metadata }) => metadata.name)).to.deep.equal(['n']);
    expect(notes.join()).to.contain('f.yaml:1: kubectl reads metadata.name: n as a boolean');
    expect((await read(policy('podSelector: {}', 'n'), true)).faults).to.have.length(1);
  });

  it('counts the last of what is written twice', async () => {
    const { objects, notes } = await read(`${policy('podSelector: {}')}\n---\n${policy('policyTypes: [Egress]')}`);
    expect(objects).to.have.length(1);
    expect(objects[0]).to.have.nested.property('spec.policyTypes[0]', 'Egress');
    expect(notes.join()).to.contain('NetworkPolicy x/p is written 2 times');
  });

  it('tells kinds apart by their group', () => {
    expect(roleOf('networking.k8s.io/v1', 'NetworkPolicy').role).to.equal('known');
    expect(roleOf('projectcalico.org/v3', 'NetworkPolicy').role).to.equal('foreign');
    expect(roleOf('extensions/v1beta1', 'Deployment')).to.deep.equal({ role: 'unserved', served: 'apps/v1' });
    expect(roleOf('batch/v1beta1', 'CronJob')).to.deep.equal({ role: 'unserved', served: 'batch/v1' });
    expect(roleOf('rbac.authorization.k8s.io/v1', 'Role').role).to.equal('irrelevant');
    expect(roleOf('gateway.networking.k8s.io/v1', 'HTTPRoute').role).to.equal('foreign');
  });
});
