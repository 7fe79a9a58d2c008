import { expect } from 'chai';
import { parseManifests } from './manifest-documents.ts';
import { readObjects } from './read-objects.ts';
import { clusterModelOf } from './cluster-model.ts';

const modelOfText = async (text: string) => {
  const { objects, faults } = await readObjects(parseManifests(text, 'f.yaml'));
  expect(faults).to.deep.equal([]);
  return clusterModelOf(objects);
};
const podsOf = async (text: string) => (await modelOfText(text)).pods.map(({ name }) => name);

const template = '{metadata: {labels: {app: w}}, spec: {restartPolicy: Never, containers: [{name: c, image: c}]}}';
const workload = (kind: string, apiVersion: string, spec: string, more = '') =>
  `\n---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: w, namespace: x}\nspec: {${spec}}\n${more}`;
const apps = (kind: string, spec = '') =>
  workload(kind, 'apps/v1', `selector: {matchLabels: {app: w}}, template: ${template}${spec}`);
const pod = (name: string, owner: string, more = '') => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: x, labels: {app: w, pod-template-hash: abc}, ownerReferences: [{apiVersion: v1, kind: ${owner}, uid: u}]}
spec: {containers: [{name: c, image: c}]}
${more}`;

describe('oracle: pods of workloads', () => {
  it('stand in for as many replicas as there are, by the name of the workload or numbered', async () => {
    expect(await podsOf(apps('Deployment'))).to.deep.equal(['w']);
    expect(await podsOf(apps('Deployment', ', replicas: 2'))).to.deep.equal(['w-1', 'w-2']);
    expect(await podsOf(apps('ReplicaSet', ', replicas: 0'))).to.deep.equal([]);
    const controller = workload(
      'ReplicationController',
      'v1',
      `replicas: 1, selector: {app: w}, template: ${template}`,
    );
    expect(await podsOf(controller)).to.deep.equal(['w']);
  });

  it('have stable names and labels in a StatefulSet', async () => {
    const { pods } = await modelOfText(apps('StatefulSet', ', serviceName: peers, replicas: 2, ordinals: {start: 5}'));
    expect(pods.map(({ name }) => name)).to.deep.equal(['w-5', 'w-6']);
    expect(pods[0]).to.deep.include({ hostname: 'w-5', subdomain: 'peers' });
    expect(pods[0]?.labels).to.include({ app: 'w', 'statefulset.kubernetes.io/pod-name': 'w-5' });
  });

  it('are one a node in a DaemonSet, with the address of the node on its network', async () => {
    const node = (name: string) =>
      `\n---\n{apiVersion: v1, kind: Node, metadata: {name: ${name}, labels: {disk: ${name}}}, ` +
      `status: {addresses: [{type: InternalIP, address: 192.0.2.${name.slice(1)}}]}}`;
    const nodes = node('n1') + node('n2');
    expect(await podsOf(apps('DaemonSet'))).to.deep.equal(['w']);
    expect(await podsOf(apps('DaemonSet') + nodes)).to.deep.equal(['w-n1', 'w-n2']);
    const chosen = apps('DaemonSet').replace(
      'spec: {restart',
      'spec: {hostNetwork: true, nodeSelector: {disk: n2}, restart',
    );
    const { pods } = await modelOfText(chosen + nodes);
    expect(pods.map(({ name, ips }) => ({ name, ips }))).to.deep.equal([{ name: 'w-n2', ips: ['192.0.2.2'] }]);
  });

  it('are those of runs that still run', async () => {
    const job = (spec = '', status = '') => workload('Job', 'batch/v1', `template: ${template}${spec}`, status);
    expect(await podsOf(job(', parallelism: 2, completions: 5'))).to.deep.equal(['w-1', 'w-2']);
    expect(await podsOf(job('', 'status: {conditions: [{type: Failed, status: "True"}]}'))).to.deep.equal([]);
    expect(await podsOf(job(', suspend: true'))).to.deep.equal([]);
    const cron = workload('CronJob', 'batch/v1', `schedule: "* * * * *", jobTemplate: {spec: {template: ${template}}}`);
    expect(await podsOf(cron)).to.deep.equal(['w']);
  });

  it('are not invented beside real ones, whatever of the chain of owners was listed', async () => {
    const real = pod('w-abc-1', 'ReplicaSet, name: w-abc');
    expect(await podsOf(apps('Deployment') + real)).to.deep.equal(['w-abc-1']);
    const set = apps('ReplicaSet').replace(
      '{name: w,',
      '{name: w-abc, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: w, uid: u}],',
    );
    expect(await podsOf(apps('Deployment') + set + real)).to.deep.equal(['w-abc-1']);
    expect(await podsOf(apps('Deployment') + set)).to.deep.equal(['w-abc']);
    const done = pod('w-28-x', 'Job, name: w-28', 'status: {phase: Succeeded}');
    const cron = workload('CronJob', 'batch/v1', `schedule: "* * * * *", jobTemplate: {spec: {template: ${template}}}`);
    const { pods, idle } = await modelOfText(cron + done);
    expect(pods).to.deep.equal([]);
    expect(idle).to.deep.equal([{ namespace: 'x', name: 'w', why: 'CronJob whose pods are gone' }]);
  });

  it('answer to the name of their workload', async () => {
    const { pods } = await modelOfText(apps('Deployment') + pod('w-abc-1', 'ReplicaSet, name: w-abc'));
    expect(pods[0]?.workloads).to.deep.equal(['w-abc', 'w']);
  });
});
