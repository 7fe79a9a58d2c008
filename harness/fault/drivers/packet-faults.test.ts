import { expect } from 'chai';
import { type FaultDriver, planFault } from '../driver.ts';
import { packetNode, packetTarget, podOfTests, soundEchoes } from '../pod/packet-target.test-support.ts';
import type { NodeAct } from '../types.ts';
import { bandwidth } from './bandwidth.ts';
import { delay } from './delay.ts';
import { dns } from './dns.ts';
import { isolate } from './isolate.ts';
import { loss } from './loss.ts';
import { mtuHole } from './mtu-hole.ts';
import { reset } from './reset.ts';

const pods = [{ namespace: 'shop', name: 'web' }];
const refusal = <P>(driver: FaultDriver<P>, params: object, node = packetNode(), target = packetTarget(node)) =>
  planFault(driver, target, { pods, ...params }).then(() => 'planned', String);
const actOf = async <P>(driver: FaultDriver<P>, params: object, node = packetNode()): Promise<NodeAct> => {
  const [act] = (await planFault(driver, packetTarget(node), { pods, ...params })).acts('r1-1');
  if (act === undefined || act.site === 'api') throw new Error('no act on a node');
  return act;
};

describe('faults of pods', () => {
  it('act in the network namespace of the pod, found by its path, and undo nothing once that is gone', async () => {
    const { apply, undo, site } = await actOf(loss, { percent: 10 });
    expect(site).to.deep.equal({ node: 'one' });
    expect(apply).to.include('nsenter --net=/var/run/netns/cni-1 nft -f -');
    expect(undo).to.match(/^test ! -e \/var\/run\/netns\/cni-1 \|\| /);
  });

  it('refuse what makes no sense, naming driver and field', async () => {
    expect(await refusal(loss, { percent: 101 })).to.match(/fault loss: .*<=100 .*percent/);
    expect(await refusal(loss, { percent: 30, mode: 'nth' })).to.match(/every nth can be/);
    expect(await refusal(loss, { percent: 5, ports: [80], protocol: 'icmp' })).to.match(/ICMP has no ports/);
    expect(await refusal(delay, { ms: 10, jitterMs: 11 })).to.match(/cannot exceed ms/);
    expect(await refusal(isolate, { connections: 'new', protocol: 'udp' })).to.match(/only TCP has connections/);
    expect(await refusal(dns, { answer: 'delay' })).to.match(/goes with answer: delay/);
    expect(await refusal(mtuHole, { bytes: 1_450 })).to.match(/sends no packets above 1450 bytes: its MTU is 1450/);
  });

  it('refuse a pod that is not there, that lives in its node network, or does not run', async () => {
    const of = (pod: ReturnType<typeof podOfTests>) =>
      refusal(loss, { percent: 5 }, packetNode(), packetTarget(packetNode(), [pod]));
    expect(await of(podOfTests('other', '10.244.0.9'))).to.match(/no pod shop\/web/);
    expect(await of(podOfTests('web', '172.18.0.2', { hostNetwork: true }))).to.match(/would hit the whole node/);
    expect(await of({ ...podOfTests('web', '10.244.0.5'), status: { phase: 'Pending' } })).to.match(/phase is Pending/);
  });

  it('refuse a kernel that cannot, with its words, and a device that is shaped already', async () => {
    const noRules = packetNode().answer(/nft -c/, { code: 1, stderr: 'numgen: No such file or directory' });
    expect(await refusal(loss, { percent: 5 }, noRules)).to.match(
      /takes no such rules of nftables \(inet\): numgen: No/,
    );
    const shaped = packetNode().answer(/tc qdisc show/, { stdout: 'qdisc tbf 1: root rate 1Mbit\n' });
    expect(await refusal(bandwidth, { kbit: 1_000 }, shaped)).to.match(/is shaped already: qdisc tbf 1/);
    const noBucket = packetNode().answer(/root tbf/, { code: 2, stderr: 'qdisc kind is unknown' });
    expect(await refusal(bandwidth, { kbit: 1_000 }, noBucket)).to.match(/cannot limit a rate: qdisc kind is unknown/);
    const idle = refusal(reset, {});
    expect(await idle).to.match(/has no TCP connection that could be reset/);
  });

  it('name the way that was taken: netem where it is and fits, a program on a queue elsewhere', async () => {
    const wayOf = async (params: object, node = packetNode()) =>
      (await planFault(delay, packetTarget(node), { pods, ms: 50, ...params })).way;
    const withNetem = () => packetNode().answer(/root netem/, { code: 0 });
    expect(await wayOf({ direction: 'egress' }, withNetem())).to.equal('netem');
    expect(await wayOf({ direction: 'egress', ports: [80] }, withNetem())).to.equal('NFQUEUE program');
    expect(await wayOf({ direction: 'egress' })).to.equal('NFQUEUE program');
    expect((await actOf(delay, { ms: 50, direction: 'egress' }, withNetem())).apply).to.match(/netem delay 50ms$/);
  });

  it('let packets pass where the program of a queue does not run', async () => {
    const { apply, stdin } = await actOf(delay, { ms: 50, ports: [53], protocol: 'udp', direction: 'egress' });
    expect(apply).to.match(/-A ORDEAL-\w+-E -p udp -m multiport --ports 53 .* --queue-bypass/);
    expect(apply).not.to.include('PREROUTING');
    expect(stdin).to.include('NFQUEUE');
  });

  it('fall back to rules that senders notice where the kernel cannot lose packets behind a device', async () => {
    const node = packetNode().answer(/ordealcheck/, { code: 2, stderr: 'Unknown device type' });
    const plan = await planFault(loss, packetTarget(node), { pods, percent: 10 });
    expect(plan.way).to.equal('nftables before the device');
  });
});

describe('the effect of a packet fault', () => {
  const look = async (echoes: Partial<typeof soundEchoes>, params: object = { percent: 10, direction: 'egress' }) => {
    const node = packetNode();
    const plan = await planFault(loss, packetTarget(node), { pods, ...params });
    node.answer(/perl - icmp/, { stdout: JSON.stringify({ ...soundEchoes, ...echoes }) });
    return plan.effect?.();
  };

  it('is absent without loss, and present with an interval around the share that is lost', async () => {
    expect(await look({})).to.include({ present: false });
    const effect = await look({ received: 360 });
    expect(effect).to.include({ present: true });
    expect(effect?.estimate?.value).to.be.closeTo(0.1, 1e-9);
    expect(effect?.estimate?.low).to.be.within(0.07, 0.1);
    expect(effect?.estimate?.high).to.be.within(0.1, 0.14);
  });

  it('is of one pass, where echoes pass twice', async () => {
    const effect = await look({ received: 324 }, { percent: 10 });
    expect(effect?.estimate?.value).to.be.closeTo(0.1, 1e-9);
  });

  it('is neither present nor absent where some pass that should all be lost', async () => {
    const all = { percent: 100, direction: 'egress' };
    expect(await look({ received: 0 }, all)).to.include({ present: true });
    expect(await look({ received: 100 }, all).catch(String)).to.match(/not all: loss 75/);
  });

  it('is seen from a pod that the filter names, and by nobody where there is none', async () => {
    const node = packetNode();
    const target = packetTarget(node, [podOfTests('web', '10.244.0.5'), podOfTests('peer', '10.244.1.7')]);
    const planned = (peers: string[]) => planFault(isolate, target, { pods, peers });
    expect((await planned(['10.244.1.0/24'])).effect).to.be.a('function');
    await (await planned(['10.244.1.0/24'])).effect?.();
    expect(node.calls.at(-1)?.argv.slice(0, 2)).to.deep.equal(['nsenter', '--net=/var/run/netns/cni-1']);
    expect((await planned(['192.0.2.1'])).effect).to.equal(undefined);
  });
});
