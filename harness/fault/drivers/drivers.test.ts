import { expect } from 'chai';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeInfo } from '../../kube/nodes.ts';
import type { KubeObject } from '../../kube/types.ts';
import { FakeNode } from '../../node/fake-node.test-support.ts';
import { planFault } from '../driver.ts';
import { targetOf } from '../target.test-support.ts';
import type { NodeAct } from '../types.ts';
import { drivers } from './index.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { podKill } from './pod-kill.ts';

const nodeInfo = (name: string, ip: string): NodeInfo => ({
  ...{ name, ip, ips: [ip], role: 'worker', zone: 'a', kernel: '6', schedulable: true },
});
const nodes = [nodeInfo('one', '10.0.0.1'), nodeInfo('two', '10.0.0.2')];

describe('drivers', () => {
  it('are all that have a file, under names of their own', async () => {
    const files = await readdir(dirname(fileURLToPath(import.meta.url)));
    const own = files.filter((file) => !/\.test\.ts$|^index\.ts$/.test(file)).map((file) => file.replace('.ts', ''));
    expect(drivers.map(({ name }) => name)).to.have.members(own);
  });

  it('refuse parameters that do not fit, naming driver and field', async () => {
    const error = await planFault(partition, targetOf({}), { from: 'one', to: 'two', direction: 'up' }).catch(String);
    expect(error).to.match(/parameters of the fault partition: .*"both"\|"one-way".*direction/);
  });

  it('refuse a cluster that lacks what they need, with what was seen', async () => {
    const target = targetOf({ nodes, lacks: ['NodeAccess'] });
    const error = await planFault(pause, target, { node: 'one', process: 'x' }).catch(String);
    expect(error).to.match(/pause needs NodeAccess, which was not seen here: NodeAccess was looked for/);
  });
});

describe('partition', () => {
  const found = () =>
    new FakeNode()
      .answer(/ip -o route get/, { stdout: '10.0.0.2 dev eth7 src 10.0.0.1 uid 0' })
      .answer(/cat \/sys/, { stdout: 'aa:bb:cc:dd:ee:ff\n' });
  const actsOf = async (node: FakeNode, direction: 'both' | 'one-way') => {
    const plan = await planFault(partition, targetOf({ nodes, exec: node.exec }), {
      from: 'one',
      to: 'two',
      direction,
    });
    return plan.acts('r1-1').filter((act): act is NodeAct => act.site !== 'api');
  };

  it('cuts both ways on both nodes', async () => {
    const acts = await actsOf(found(), 'both');
    expect(acts.map(({ site }) => site.node)).to.deep.equal(['one', 'two']);
    for (const { stdin } of acts) expect(stdin?.match(/ drop$/gm)).to.have.length(6);
    expect(acts[0]?.stdin).to.include('device "eth7"').and.include('table netdev ordeal_r1_1');
  });

  it('drops one way at the sender on leaving and at the receiver on arrival', async () => {
    const [from, to] = (await actsOf(found(), 'one-way')).map((act) => act.stdin ?? '');
    expect(from)
      .to.match(/seen_out drop/)
      .and.not.match(/seen_in drop/);
    expect(to)
      .to.match(/seen_in drop/)
      .and.not.match(/seen_out drop/);
  });

  it('takes iptables where a node has no nft', async () => {
    const [act] = await actsOf(found().answer(/nft list tables/, { code: 127 }), 'both');
    expect(act?.apply).to.match(/^iptables -w 5 -t raw -N ORDEAL-[0-9a-f]{12} && /);
  });

  it('refuses a node that is not there, naming those that are', async () => {
    const params = { from: 'one', to: 'three', direction: 'both' };
    const error = await planFault(partition, targetOf({ nodes }), params).catch(String);
    expect(error).to.match(/no node three; nodes: one, two/);
  });
});

describe('pause', () => {
  const health = { askedFrom: 'two', url: 'http://10.0.0.1:10256/healthz' };
  const planOn = (node: FakeNode) =>
    planFault(pause, targetOf({ nodes, exec: node.exec }), { node: 'one', process: 'kube-proxy', health });

  it('refuses a process that does not run', async () => {
    const error = await planOn(new FakeNode().answer(/pgrep/, { code: 1 })).catch(String);
    expect(error).to.match(/could not find the process kube-proxy on node one/);
  });

  it('resumes by name, also when the process is gone', async () => {
    const [act] = (await planOn(new FakeNode())).acts('x');
    expect(act).to.have.property('undo', 'pkill -CONT -x kube-proxy || true');
  });

  it('is seen from outside: the health endpoint accepts and does not answer', async () => {
    const lookAt = async (code: number) =>
      (await planOn(new FakeNode().answer(/^two curl .*10256/, { code }))).effect?.();
    expect(await lookAt(0)).to.include({ present: false });
    expect(await lookAt(28)).to.include({ present: true });
    expect(await lookAt(7), 'gone, not paused').to.include({ present: false });
    expect(await lookAt(127).catch(String)).to.match(/broke: curl exits 127/);
  });
});

describe('pod-kill', () => {
  it('takes effect when the pod is gone or another bears its name', async () => {
    const seeing = async (uid: string | undefined) => {
      const pod: KubeObject | undefined =
        uid === undefined ? undefined : { apiVersion: 'v1', kind: 'Pod', metadata: { uid } };
      const target = targetOf({ kube: { get: () => Promise.resolve(pod) } });
      return (await planFault(podKill, target, { namespace: 'n', name: 'p', uid: 'u1' })).effect?.();
    };
    expect(await seeing('u1')).to.include({ present: false });
    expect(await seeing('u2')).to.include({ present: true });
    expect(await seeing(undefined)).to.include({ present: true });
  });
});
