import type { Agent } from '../../probe/agent-types.ts';
import { expect } from 'chai';
import { Timeouts } from '../../base/timeouts.ts';
import { KubeError } from '../../kube/errors.ts';
import type { NodeInfo } from '../../kube/nodes.ts';
import type { Verdict } from '../../probe/types.ts';
import { fakeKube } from '../fake-kube.test-support.ts';
import { type Bed, hairpin, hostPort, nodePort, policy } from './traffic-looks.ts';

const node = (name: string): NodeInfo => ({
  ...{ name, role: 'worker', ip: name, ips: [name], zone: '', kernel: '6', schedulable: true },
});
/** An agent to whose probes of each host this is answered. */
const agent = (ip: string, answers: (host: string) => Verdict) =>
  ({
    ip,
    probe: (probes: readonly { host: string }[]) =>
      Promise.resolve(probes.map(({ host }) => ({ verdict: answers(host), elapsedUs: 1 }))),
  }) as unknown as Agent;

function bedOf(answers: (host: string, denied: boolean) => Verdict): Bed {
  const denied = { now: false };
  const answer = (host: string) => answers(host, denied.now);
  const apply = (object: { kind: string }) => {
    denied.now = object.kind === 'NetworkPolicy';
    return Promise.resolve(object);
  };
  const facts = {
    ...({ kubernetes: 'v1', cni: 'other', cniVersion: '', mesh: 'none', meshVersion: '' } as const),
    ...{ podCidrs: [], serviceCidrs: [], clusterDomain: 'cluster.local', dnsIp: '', nodes: [], cpus: 2 },
  };
  const timeouts = { ...Timeouts.parse({}), settleMs: 60 };
  const kube = { ...fakeKube([]), apply } as unknown as Bed['context']['kube'];
  const context = { kube, facts, agentImage: '', runId: 'r', timeouts, declared: {} };
  const ends = { client: agent('client', answer), server: agent('server', answer) };
  return { context, namespace: 'x', near: node('near'), far: node('far'), ...ends };
}
const guarded = agent('guarded', () => 'open');

describe('looks of detection', () => {
  it('say no only while two pods reach each other directly, else that nobody can tell', async () => {
    const broken = bedOf((host) => (host === 'server' ? 'open' : 'dropped'));
    expect(await hairpin(broken, 'service')).to.include({ observed: false });
    expect(await nodePort(broken, 30_000)).to.include({ observed: false });
    expect(await hostPort(broken, { number: 28_000 })).to.include({ observed: false });
    const cut = bedOf(() => 'dropped');
    for (const found of [await hairpin(cut, 'service'), await nodePort(cut, 1), await hostPort(cut, { number: 1 })])
      expect(found).to.include({ observed: 'undetermined' });
  });

  it('tell an engine from none by traffic that a policy closes, and neither by a broken probe', async () => {
    const engine = (then: Verdict) =>
      policy(
        bedOf((_, denied) => (denied ? then : 'open')),
        guarded,
      );
    expect(await engine('refused')).to.include({ observed: true });
    expect(await engine('open')).to.include({ observed: false });
    expect(await engine('inconclusive')).to.include({ observed: 'undetermined' });
    expect(
      await policy(
        bedOf(() => 'dropped'),
        guarded,
      ),
    ).to.include({ observed: 'undetermined' });
  });

  it('take a refused pod for an answer on hostPorts, and one that stays Pending for none', async () => {
    const bed = bedOf(() => 'open');
    const forbidden = new KubeError('violates PodSecurity "baseline"', { status: 403 });
    expect(await hostPort(bed, { error: forbidden })).to.include({ observed: false });
    expect(await hostPort(bed, { error: new Error('Pending') })).to.include({ observed: 'undetermined' });
  });
});
