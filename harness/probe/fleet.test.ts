import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import type { KubeObject } from '../kube/types.ts';
import { PodNetworkError } from '../base/errors.ts';
import { Timeouts } from '../base/timeouts.ts';
import { FakePods, ready, type Status } from './fake-pods.test-support.ts';
import { adopt, startAgents } from './fleet.ts';
import { type LocalAgent, startLocalAgent } from './local-agent.test-support.ts';

const unscheduled: Status = {
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes available' }],
};
const unreached: Status = { phase: 'Running', podIP: '10.0.0.7', conditions: [{ type: 'Ready', status: 'False' }] };
const crashing: Status = {
  phase: 'Running',
  containerStatuses: [
    {
      name: 'agent',
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, message: 'agent: cannot serve TCP port 80: EACCES' } },
    },
  ],
};

const podOf = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x' },
  spec: { nodeName: 'n1', containers: [] },
});

describe('the fleet', () => {
  let local: LocalAgent;
  before(async () => {
    local = await startLocalAgent({ name: 'pod', address: '127.0.0.36', ports: [] });
  });
  after(() => local.stop());

  const start = (
    statuses: Record<string, Status>,
    names: readonly string[],
    podReadyMs = 60_000,
    more: { podNetworkMs?: number; podLookMs?: number } = {},
  ) => {
    const kube = new FakePods(local, statuses);
    const timeouts = Timeouts.parse({ podReadyMs, ...more });
    const fleet = { kube, agentImage: 'node:22', runId: 'r1', timeouts };
    const specs = names.map((key) => ({ namespace: key.split('/')[0] ?? '', name: key.split('/')[1] ?? '' }));
    return { kube, fleet, started: startAgents(fleet, specs) };
  };

  it('returns working agents in the order asked, with one bundle per namespace', async () => {
    const { kube, started } = start({}, ['y/c', 'x/a', 'y/a', 'x/b']);
    const agents = await started;
    expect(agents.map(({ namespace, name }) => `${namespace}/${name}`)).to.deep.equal(['y/c', 'x/a', 'y/a', 'x/b']);
    expect(agents[0]).to.deep.include({ ip: '10.0.0.7', ips: ['10.0.0.7', 'fd00::7'] });
    expect(kube.applied.toSorted()).to.deep.equal(['ConfigMap x', 'ConfigMap y']);
    const [result] = (await agents[1]?.probe([{ kind: 'tcp', host: '127.0.0.36', port: 9, timeoutMs: 1000 }])) ?? [];
    expect(result?.verdict).to.equal('refused');
    agents.forEach((agent) => agent.close());
  });

  it('follows the pods of a run in one stream, and ends it when none is awaited', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `${i % 2 === 0 ? 'x' : 'y'}/p${i}`);
    const { kube, fleet, started } = start({}, names);
    const others = startAgents(fleet, [{ namespace: 'z', name: 'a' }]);
    [...(await started), ...(await others)].forEach((agent) => agent.close());
    expect([kube.follows, kube.following]).to.deep.equal([1, 0]);
  });

  it('names the pod, its phase, conditions and last event when it is not ready in time', async () => {
    const { started } = start({ b: unscheduled }, ['x/a', 'x/b'], 30);
    const error: unknown = await started.catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'AGENT');
    expect(String(error)).to.contain('x/b').and.contain('phase Pending').and.contain('0/2 nodes available');
    expect(String(error)).to.contain('FailedScheduling too many pods');
  });

  it('is a failure of the network, in the words of the kubelet, when the CNI gives a pod none', async () => {
    const failed = start({ c: unscheduled }, ['x/c'], 30).started.catch((thrown: unknown) => thrown);
    expect(await failed).to.have.property('code', 'NOT_SETTLED');
    expect(String(await failed)).to.contain('failed to setup network for sandbox: no addresses left');
    const image: unknown = await start({ d: unscheduled }, ['x/d'], 30).started.catch((thrown: unknown) => thrown);
    expect(image).to.have.property('code', 'AGENT');
  });

  it('gives up a pod without a network long before one that is slow', async () => {
    const quick = { podNetworkMs: 10, podLookMs: 10 };
    const failed = start({ c: unscheduled }, ['x/c'], 60_000, quick).started.catch((thrown: unknown) => thrown);
    expect(await failed)
      .to.be.instanceOf(PodNetworkError)
      .with.property('node', 'n1');
  });

  it('is a failure of the network when the node does not reach a pod whose agent answers', async () => {
    const { started } = start({ 'cut-off': unreached }, ['x/cut-off'], 30);
    const error: unknown = await started.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PodNetworkError);
    expect(String(error)).to.contain('node n1 does not reach pods on it').and.contain('context deadline exceeded');
  });

  it('blames no network for a pod whose agent does not answer at all', async () => {
    const { kube, started } = start({ deaf: unreached }, ['x/deaf'], 30);
    kube.portForward = () => Promise.reject(new Error('nobody listens'));
    expect(await started.catch((thrown: unknown) => thrown)).to.have.property('code', 'AGENT');
  });

  it('does not wait for a pod whose agent cannot start, and says what it said', async () => {
    const { started } = start({ b: crashing }, ['x/b']);
    expect(String(await started.catch((thrown: unknown) => thrown))).to.contain('cannot serve TCP port 80: EACCES');
  });

  it('takes no predecessor of the same name for a pod, whatever the stream has told so far', async () => {
    const { fleet, kube, started } = start({ slow: unscheduled }, ['x/web-0', 'x/slow'], 1_000);
    const failed = started.catch((thrown: unknown) => thrown);
    await setTimeout(100);
    kube.get = ({ name }) => Promise.resolve({ ...podOf(name), status: { ...ready, podIP: '10.0.0.8', podIPs: [] } });
    const agent = await adopt(fleet, { namespace: 'x', name: 'web-0' });
    agent.close();
    expect(agent.ip).to.equal('10.0.0.8');
    await failed;
  });

  it('adopts a pod it did not create', async () => {
    const { fleet, kube, started } = start({}, []);
    await started;
    await kube.create(podOf('web-1'));
    const agent = await adopt(fleet, { namespace: 'x', name: 'web-1' });
    agent.close();
    expect(agent).to.include({ name: 'web-1', node: 'n1' });
  });
});
