import { glob, mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import type { Kube, KubeObject } from '../../kube/types.ts';
import { fakeKube } from '../fake-kube.test-support.ts';
import { collectLogs } from './collect.ts';
import { LogFolder } from './log-folder.ts';
import type { LogScope } from './scope.ts';

const secret = 'hunter2-Zq9';
const applied = { 'kubectl.kubernetes.io/last-applied-configuration': `{"env":"${secret}"}` };

function object(kind: string, namespace: string | undefined, name: string, more: object = {}): KubeObject {
  const apiVersion = ['DaemonSet', 'Deployment'].includes(kind) ? 'apps/v1' : 'v1';
  const labels = { app: name.split('.', 1).join() };
  const metadata = { name, labels, annotations: applied, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion, kind, metadata, ...more };
}

function pod(namespace: string, name: string, nodeName: string): KubeObject {
  const env = [{ name: 'PASSWORD', value: secret }];
  const containers = [{ name: 'c', env, args: ['serve', '--token', secret], command: ['x', `--password=${secret}`] }];
  return object('Pod', namespace, name, { spec: { nodeName, containers } });
}

const workload = (kind: string, name: string) =>
  object(kind, 'kube-system', name, { spec: { selector: { matchLabels: { app: name } }, template: {} } });
const event = (namespace: string, name: string, message: string) =>
  object('Event', namespace, `${name}.1`, { message, involvedObject: { kind: 'Pod', namespace, name } });
const ours = object('Namespace', undefined, 'ord-1');

const objects: readonly KubeObject[] = [
  { ...ours, metadata: { ...ours.metadata, labels: { 'ordeal.dev/run': 'r1' } } },
  object('Namespace', undefined, 'shop'),
  pod('ord-1', 'probe.a', 'n1'),
  pod('shop', 'till.a', 'n1'),
  pod('kube-system', 'calico-node.1', 'n1'),
  pod('kube-system', 'calico-node.2', 'n2'),
  pod('kube-system', 'kube-proxy.1', 'n1'),
  pod('kube-system', 'coredns.1', 'n3'),
  pod('kube-system', 'vault.1', 'n1'),
  workload('DaemonSet', 'calico-node'),
  workload('DaemonSet', 'kube-proxy'),
  workload('Deployment', 'coredns'),
  workload('Deployment', 'vault'),
  object('Node', undefined, 'n1'),
  object('Node', undefined, 'n2'),
  event('ord-1', 'probe.a', 'own event'),
  event('kube-system', 'coredns.1', 'dns event'),
  event('kube-system', 'vault.1', 'foreign event'),
  event('shop', 'till.a', 'foreign event'),
];

/** Collects and returns the texts by file. */
async function collected(scope: LogScope, theirs: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-logs-'));
  const kube: Kube = { ...fakeKube(objects), logs: ({ name }) => Promise.resolve(`said by ${name}`) };
  const whose = theirs ? { theirs: { cni: 'calico' } } : {};
  const failures = await collectLogs({ folder, runId: 'r1', scope, kube, containers: [], ...whose });
  expect(failures).deep.equal([]);
  const texts = new Map<string, string>();
  for await (const entry of glob(join(folder, 'logs', '**'), { withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    expect((await stat(path)).mode & 0o777, path).equal(entry.isDirectory() ? 0o700 : 0o600);
    if (entry.isFile()) texts.set(relative(join(folder, 'logs'), path), await readFile(path, 'utf8'));
  }
  return texts;
}

const podsIn = (texts: ReadonlyMap<string, string>) =>
  [...texts.keys()].flatMap((file) => /^pods\/(?:.*)_(.*)_c\.log$/.exec(file)?.[1] ?? []).sort();

describe('the logs of a run', () => {
  it('are of its own namespaces, and of CNI, proxy and DNS where its pods are, on a cluster that is somebody’s', async () => {
    const texts = await collected('system', true);
    expect(podsIn(texts)).deep.equal(['calico-node.1', 'coredns.1', 'kube-proxy.1', 'probe.a']);
    expect(texts.get('nodes.yaml')).include('n1').not.include('n2');
    expect(texts.get('events.txt')).include('own event').include('dns event').not.include('foreign');
    expect([...texts.values()].join('\n')).not.match(/vault|till|shop/);
  });

  it('are of its own namespaces alone, or none', async () => {
    const texts = await collected('own', true);
    expect(podsIn(texts)).deep.equal(['probe.a']);
    expect([...texts.values()].join('\n')).not.match(/kube-system|vault|till/);
    expect((await collected('none', true)).size).equal(0);
  });

  it('are of all there is on a cluster that Ordeal made', async () => {
    expect(podsIn(await collected('system', false))).include.members(['vault.1', 'till.a', 'probe.a']);
    expect(podsIn(await collected('own', false))).deep.equal(['probe.a']);
  });

  it('hold names of environment variables and no values, and no secrets of command lines', async () => {
    const all = [...(await collected('system', false)).values()].join('\n');
    expect(all).not.include(secret);
    expect(all).include('PASSWORD').include('[redacted]');
  });

  it('never grow past their limit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ordeal-logs-'));
    const logs = new LogFolder(folder, 10);
    await logs.write('a', '12345678');
    await logs.write('b', '12345678');
    await logs.finish();
    expect(await readFile(join(folder, 'not-collected.txt'), 'utf8')).include('b: left out');
    expect((await stat(folder)).mode & 0o777).equal(0o700);
  });
});
