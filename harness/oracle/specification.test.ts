import { expect } from 'chai';
import { judge } from './judge.ts';
import { ask, grid, policy } from './testing.test-support.ts';
import type { ClusterModel } from './model-types.ts';

/** The examples of the Kubernetes concept page "Network Policies", each told on the grid. */
describe('oracle: examples of the specification', () => {
  const verdict = (model: ClusterModel, from: string, to: string, port?: number) => ask(model, from, to, port).verdict;
  const outward = (model: ClusterModel, from: string, ip: string, port: number) => {
    const [namespace = '', name = ''] = from.split('/');
    return judge(model, {
      from: { kind: 'pod', namespace, name },
      to: { kind: 'external', ip },
      port,
      protocol: 'TCP',
    });
  };

  it('without policies everything is open', () => {
    const { verdict: got, reason } = ask(grid(), 'x/a', 'y/b');
    expect(got).to.equal('open');
    expect(reason.text).to.equal('open: no policy selects x/a for egress or y/b for ingress');
  });

  it('default deny ingress closes the namespace inwards only', () => {
    const model = grid(policy('x/deny', '{podSelector: {}, policyTypes: [Ingress]}'));
    expect(verdict(model, 'y/a', 'x/b')).to.equal('dropped');
    expect(verdict(model, 'x/a', 'x/b')).to.equal('dropped');
    expect(verdict(model, 'x/a', 'y/b')).to.equal('open');
  });

  it('without policyTypes an egress list closes the namespace outwards only if it has rules', () => {
    const empty = grid(policy('x/p', '{podSelector: {}, egress: []}'));
    expect(verdict(empty, 'x/a', 'y/b')).to.equal('open');
    expect(verdict(empty, 'y/a', 'x/b')).to.equal('dropped');
    const ruled = grid(policy('x/p', '{podSelector: {}, egress: [{ports: [{port: 7}]}]}'));
    expect(verdict(ruled, 'x/a', 'y/b')).to.equal('dropped');
  });

  it('default deny egress closes the namespace outwards only', () => {
    const model = grid(policy('x/deny', '{podSelector: {}, policyTypes: [Egress]}'));
    expect(verdict(model, 'x/a', 'y/b')).to.equal('dropped');
    expect(verdict(model, 'y/a', 'x/b')).to.equal('open');
  });

  it('default deny all closes both ways', () => {
    const model = grid(policy('x/deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}'));
    expect([verdict(model, 'x/a', 'y/b'), verdict(model, 'y/a', 'x/b')]).to.deep.equal(['dropped', 'dropped']);
  });

  it('allow all overrides deny all, in either direction', () => {
    const deny = policy('x/deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
    const inward = policy('x/in', '{podSelector: {}, ingress: [{}], policyTypes: [Ingress]}');
    const outwards = policy('x/out', '{podSelector: {}, egress: [{}], policyTypes: [Egress]}');
    expect(verdict(grid(deny, inward), 'y/a', 'x/b')).to.equal('open');
    expect(verdict(grid(deny, inward), 'x/a', 'y/b')).to.equal('dropped');
    expect(verdict(grid(deny, outwards), 'x/a', 'y/b')).to.equal('open');
  });

  it('selectors in one peer are AND, in two peers OR', () => {
    const both = '{namespaceSelector: {matchLabels: {ns: "y"}}, podSelector: {matchLabels: {pod: a}}}';
    const either = '{namespaceSelector: {matchLabels: {ns: "y"}}}, {podSelector: {matchLabels: {pod: a}}}';
    const one = grid(policy('x/and', `{podSelector: {}, ingress: [{from: [${both}]}]}`));
    const two = grid(policy('x/or', `{podSelector: {}, ingress: [{from: [${either}]}]}`));
    const from = ['y/a', 'y/b', 'x/a', 'z/a'];
    expect(from.map((it) => verdict(one, it, 'x/c'))).to.deep.equal(['open', 'dropped', 'dropped', 'dropped']);
    expect(from.map((it) => verdict(two, it, 'x/c'))).to.deep.equal(['open', 'open', 'open', 'dropped']);
  });

  const databasePolicy = `
    podSelector: {matchLabels: {pod: b}}
    policyTypes: [Ingress, Egress]
    ingress:
      - from:
          - ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}
          - namespaceSelector: {matchLabels: {ns: "y"}}
          - podSelector: {matchLabels: {pod: a}}
        ports: [{protocol: TCP, port: 80}]
    egress:
      - to: [{ipBlock: {cidr: 10.0.0.0/24}}]
        ports: [{protocol: TCP, port: 5978}]`;

  it('the database example: block with exception, namespace, pod; one port each way', () => {
    const model = grid(policy('x/test-network-policy', databasePolicy));
    const fromIp = (ip: string) =>
      judge(model, {
        from: { kind: 'external', ip },
        to: { kind: 'pod', namespace: 'x', name: 'b' },
        port: 80,
        protocol: 'TCP',
      }).verdict;
    expect([fromIp('172.17.0.9'), fromIp('172.17.1.9'), fromIp('172.18.9.9')]).to.deep.equal([
      'open',
      'dropped',
      'dropped',
    ]);
    expect([verdict(model, 'y/c', 'x/b'), verdict(model, 'x/a', 'x/b'), verdict(model, 'z/a', 'x/b')]).to.deep.equal([
      'open',
      'open',
      'dropped',
    ]);
    expect(verdict(model, 'y/c', 'x/b', 81)).to.equal('dropped');
    expect(outward(model, 'x/b', '10.0.0.7', 5978).verdict).to.equal('open');
    expect(outward(model, 'x/b', '10.0.0.7', 5979).verdict).to.equal('dropped');
    expect(outward(model, 'x/b', '10.0.1.7', 5978).verdict).to.equal('dropped');
  });

  it('endPort covers 32000 to 32768 inclusive', () => {
    const rule = '{to: [{ipBlock: {cidr: 10.0.0.0/24}}], ports: [{protocol: TCP, port: 32000, endPort: 32768}]}';
    const model = grid(
      policy('x/multi', `{podSelector: {matchLabels: {pod: b}}, policyTypes: [Egress], egress: [${rule}]}`),
    );
    const got = [31999, 32000, 32400, 32768, 32769].map((port) => outward(model, 'x/b', '10.0.0.9', port).verdict);
    expect(got).to.deep.equal(['dropped', 'open', 'open', 'open', 'dropped']);
  });

  it('several namespaces by matchExpressions and one by its automatic name label', () => {
    const several = '{namespaceSelector: {matchExpressions: [{key: ns, operator: In, values: ["y", "z"]}]}}';
    const named = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "y"}}}';
    const egress = (peer: string) =>
      policy('x/out', `{podSelector: {}, policyTypes: [Egress], egress: [{to: [${peer}]}]}`);
    const to = ['x/b', 'y/b', 'z/b'];
    expect(to.map((it) => verdict(grid(egress(several)), 'x/a', it))).to.deep.equal(['dropped', 'open', 'open']);
    expect(to.map((it) => verdict(grid(egress(named)), 'x/a', it))).to.deep.equal(['dropped', 'open', 'dropped']);
  });
});
