import { expect } from 'chai';
import type { NodeInfo } from '../../kube/nodes.ts';
import { FakeNode } from '../../node/fake-node.test-support.ts';
import { iptablesAction } from './iptables.ts';
import { cutCounters, ruleset } from './nftables.ts';
import { planPartition } from './partition.ts';
import { planPause } from './pause.ts';
import { planPodKill } from './pod-kill.ts';
import type { Cut } from './cut.ts';

const cut: Cut = {
  node: 'one',
  device: 'eth0',
  peerIps: ['172.18.0.3'],
  peerMac: '02:42:ac:12:00:03',
  podCidrs: ['10.244.0.0/16'],
  dropIn: true,
  dropOut: false,
};
const nodeInfo = (name: string, ip: string): NodeInfo => ({
  ...{ name, ip, ips: [ip], role: 'worker', zone: 'a', kernel: '6', schedulable: true },
});
const effect = () => Promise.resolve({ present: false, seen: '' });

describe('nftables ruleset', () => {
  it('drops tunnels by the peer address and plain pod traffic by the peer hardware address', () => {
    const rules = ruleset('ordeal_x', cut);
    expect(rules).to.include('hook ingress device "eth0"');
    expect(rules).to.match(/ip saddr { 172\.18\.0\.3 } udp dport { .*8472.* } counter name seen_in drop/);
    expect(rules).to.match(/ether saddr 02:42:ac:12:00:03 ip saddr { 10\.244\.0\.0\/16 } .* drop/);
  });

  it('only counts the direction that stays open', () => {
    const out = ruleset('ordeal_x', cut)
      .split('\n')
      .filter((line) => line.includes('seen_out'));
    expect(out.join('\n')).to.include('daddr').and.not.include('drop');
  });

  it('never touches TCP between the nodes, which kubelet and API server need', () => {
    expect(ruleset('ordeal_x', cut)).not.to.match(/tcp|ip saddr { 172\.18\.0\.3 } (counter|drop)/);
  });

  it('has rules for each address family that is there, none for one that is not', () => {
    expect(ruleset('t', cut)).not.to.include('ip6');
    const dual = { ...cut, peerIps: ['172.18.0.3', 'fc00::3'], podCidrs: ['10.244.0.0/16', 'fd00::/56'] };
    expect(ruleset('t', dual)).to.include('ip6 saddr { fc00::3 } udp dport').and.include('ip6 saddr { fd00::/56 }');
  });

  it('reads its counters', async () => {
    const counter = (name: string, packets: number) => ({ counter: { name, packets, family: 'netdev' } });
    const list = { nftables: [{ metainfo: {} }, counter('seen_in', 7), counter('seen_out', 3)] };
    const node = new FakeNode().answer(/nft -j list counters/, { stdout: JSON.stringify(list) });
    expect(await cutCounters({ nodeExec: node.exec }, 'one', 'r1-1')).to.deep.equal({ arrived: 7, sent: 3 });
    expect(node.calls[0]?.argv.at(-1)).to.equal('ordeal_r1_1');
  });
});

describe('planPartition', () => {
  const cluster = (node: FakeNode) => ({
    nodeExec: node.exec,
    info: { podCidrs: ['10.244.0.0/16'] } as never,
  });
  const spec = { from: nodeInfo('one', '10.0.0.1'), to: nodeInfo('two', '10.0.0.2'), effect };
  const found = () =>
    new FakeNode()
      .answer(/ip -o route get/, { stdout: '10.0.0.2 dev eth7 src 10.0.0.1 uid 0' })
      .answer(/cat \/sys/, { stdout: 'aa:bb:cc:dd:ee:ff\n' });

  it('cuts both ways on both nodes', async () => {
    const plan = await planPartition(cluster(found()), { ...spec, direction: 'both' });
    const actions = plan.actions('r1-1');
    expect(actions.map((action) => action.node)).to.deep.equal(['one', 'two']);
    for (const { stdin } of actions) expect(stdin?.match(/ drop$/gm)).to.have.length(6);
    expect(actions[0]?.stdin).to.include('device "eth7"').and.include('table netdev ordeal_r1_1');
  });

  it('drops one way at the sender on leaving and at the receiver on arrival', async () => {
    const plan = await planPartition(cluster(found()), { ...spec, direction: 'one-way' });
    const [from, to] = plan.actions('r1-1').map((action) => action.stdin ?? '');
    expect(from)
      .to.match(/seen_out drop/)
      .and.not.match(/seen_in drop/);
    expect(to)
      .to.match(/seen_in drop/)
      .and.not.match(/seen_out drop/);
  });

  it('takes iptables where a node has no nft', async () => {
    const node = found().answer(/nft list tables/, { code: 127 });
    const plan = await planPartition(cluster(node), { ...spec, direction: 'both' });
    expect(plan.actions('r1-1')[0]?.apply).to.match(/^iptables -w 5 -t raw -N ORDEAL-[0-9a-f]{12} && /);
  });
});

describe('iptablesAction', () => {
  it('jumps into its own chain last, so that half a rule set never acts', () => {
    const { apply, undo } = iptablesAction('r1-1', cut);
    expect(apply.split(' && ').at(-1)).to.match(/-I PREROUTING -j ORDEAL-/);
    expect(undo).to.match(/-X ORDEAL-\w+ .*; ! iptables/);
  });

  it('drops nothing on a node that only sends', () => {
    expect(iptablesAction('r1-1', { ...cut, dropIn: false }).apply).not.to.include('DROP');
  });
});

describe('planPause', () => {
  it('refuses a process that does not run', async () => {
    const node = new FakeNode().answer(/pgrep/, { code: 1 });
    const error = await planPause({ nodeExec: node.exec }, 'one', 'kube-proxy').catch((reason: unknown) =>
      String(reason),
    );
    expect(error).to.match(/could not find the process kube-proxy on node one/);
  });

  it('resumes by name, also when the process is gone', async () => {
    const plan = await planPause({ nodeExec: new FakeNode().exec }, 'one', 'kube-proxy');
    expect(plan.actions('x')[0]?.undo).to.equal('pkill -CONT -x kube-proxy || true');
  });
});

describe('planPodKill', () => {
  it('takes effect when the pod is gone or another bears its name', async () => {
    const pod = { namespace: 'n', name: 'p', uid: 'u1' };
    const seeing = (uid: string | undefined) => {
      const object = uid === undefined ? undefined : { apiVersion: 'v1', kind: 'Pod', metadata: { uid } };
      return planPodKill({ get: () => Promise.resolve(object), remove: () => Promise.resolve() }, pod).effect();
    };
    expect((await seeing('u1')).present).to.equal(false);
    expect((await seeing('u2')).present).to.equal(true);
    expect((await seeing(undefined)).present).to.equal(true);
  });
});
