import { expect } from 'chai';
import { planLanes, type Scene } from './plan-lanes.ts';
import { Rhythm } from './rhythm.ts';

const rhythm = Rhythm.parse({});
const scene = (names: readonly string[], more: Partial<Scene> = {}): Scene => ({
  nodes: names.map((name, index) => ({
    name,
    ip: `172.18.0.${index}`,
    plainIp: `10.0.${index}.1`,
    guardedIp: `10.0.${index}.2`,
  })),
  web: { clusterIp: '10.96.0.9', nodePorts: { tcp: 30_001, udp: 30_002, http: 30_003 } },
  ...{ headless: 'web-pods.x.svc.cluster.local.', dnsName: 'kubernetes.default.svc.cluster.local' },
  ...{ apiServer: '10.96.0.1', own: [], mostNodes: 20 },
  ...more,
});
const lanes = planLanes(scene(['a', 'b', 'c']), rhythm);

describe('the lanes of a session', () => {
  it('are each there once', () => {
    expect(new Set(lanes.map(({ id }) => id)).size).to.equal(lanes.length);
  });

  it('lead from every node to every kind of path', () => {
    const kinds = [...Map.groupBy(lanes, (lane) => lane.class)].map(([kind, of]) => {
      return [kind, new Set(of.map(({ client }) => client.node)).size] as const;
    });
    expect(Object.fromEntries(kinds)).to.deep.equal({
      ...{ 'same-node': 3, 'other-node': 3, 'cluster-ip': 3, 'node-port': 3, headless: 3, dns: 3, 'api-server': 3 },
      ...{ 'policy-allow': 3, 'policy-deny': 3 },
    });
  });

  it('are new, kept and idle, over TCP, UDP and HTTP, on every path to pods and Services', () => {
    for (const kind of ['same-node', 'other-node', 'cluster-ip', 'node-port']) {
      const of = lanes.filter((lane) => lane.class === kind && lane.client.node === 'a');
      expect(
        of.map(({ transport, connections }) => `${transport} ${connections}`),
        kind,
      ).to.have.members([...['TCP new', 'TCP reused', 'TCP idle', 'UDP new', 'UDP reused', 'HTTP new', 'HTTP reused']]);
    }
  });

  it('go round a ring, and none goes elsewhere than it says', () => {
    const targets = lanes
      .filter(({ class: kind }) => kind === 'other-node')
      .map(({ client, server }) => `${client.node}${server?.node ?? ''}`);
    expect(new Set(targets)).to.deep.equal(new Set(['ab', 'bc', 'ca']));
    const hosts = lanes.flatMap(({ server, spec: { probe } }) =>
      server === undefined || !('host' in probe) ? [] : [`${server.workload} ${server.node} ${probe.host}`],
    );
    expect(new Set(hosts)).to.have.property('size', 6);
  });

  it('expect silence of what a policy forbids, by port and by label', () => {
    const closed = lanes.filter(({ expected }) => expected === 'closed');
    expect(closed.every((lane) => lane.class === 'policy-deny')).to.equal(true);
    expect(new Set(closed.map(({ client }) => client.workload))).to.deep.equal(new Set(['plain', 'guarded']));
  });

  it('of one node lead to no other, and many nodes are sampled', () => {
    expect(planLanes(scene(['a']), rhythm).some(({ class: kind }) => kind === 'other-node')).to.equal(false);
    const many = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const clients = planLanes(scene(many, { mostNodes: 4 }), rhythm).map(({ client }) => client.node);
    expect(new Set(clients).size).to.equal(4);
  });
});
