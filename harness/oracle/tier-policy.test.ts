import { expect } from 'chai';
import { parse } from 'yaml';
import { AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy } from '../kube/admin-network-policy.ts';
import { judge } from './judge.ts';
import { podRef } from './all-pairs.ts';
import { ask, grid, policy } from './testing.test-support.ts';
import type { ClusterModel } from './model-types.ts';

const everyone = 'subject: {namespaces: {}}';
const object = (kind: string, version: string, name: string, spec: string): unknown => ({
  apiVersion: `policy.networking.k8s.io/${version}`,
  kind,
  metadata: { name },
  spec: parse(`{${spec}}`) as unknown,
});
const admin = (name: string, spec: string) =>
  AdminNetworkPolicy.parse(object('AdminNetworkPolicy', 'v1alpha1', name, spec));
const cluster = (name: string, spec: string) =>
  ClusterNetworkPolicy.parse(object('ClusterNetworkPolicy', 'v1alpha2', name, spec));
const baseline = (spec: string) =>
  BaselineAdminNetworkPolicy.parse(object('BaselineAdminNetworkPolicy', 'v1alpha1', 'default', spec));

describe('oracle: admin and baseline tiers', () => {
  const fromY = 'from: [{namespaces: {matchLabels: {ns: "y"}}}]';
  const deny = (priority: number) =>
    admin('deny', `priority: ${priority}, ${everyone}, ingress: [{action: Deny, ${fromY}}]`);
  const allow = (priority: number) =>
    admin('allow', `priority: ${priority}, ${everyone}, ingress: [{action: Allow, ${fromY}}]`);
  const pass = (priority: number) =>
    admin('pass', `priority: ${priority}, ${everyone}, ingress: [{action: Pass, ${fromY}}]`);
  const model = (parts: Partial<ClusterModel>): ClusterModel => ({ ...grid(), ...parts });
  const open = policy('x/open', '{podSelector: {}, ingress: [{}]}');
  const closed = policy('x/closed', '{podSelector: {}, policyTypes: [Ingress]}');

  it('the lower priority number wins and NetworkPolicy cannot override it', () => {
    const denied = model({ adminNetworkPolicies: [allow(2), deny(1)], networkPolicies: [open] });
    const { verdict, reason } = ask(denied, 'y/a', 'x/b');
    expect(verdict).to.equal('dropped');
    expect(reason.text).to.equal('dropped: AdminNetworkPolicy/deny ingress rule 1 peer 1 denies y/a on TCP 80 to x/b');
    const allowed = model({ adminNetworkPolicies: [allow(1), deny(2)], networkPolicies: [closed] });
    expect(ask(allowed, 'y/a', 'x/b').verdict).to.equal('open');
    expect(ask(allowed, 'z/a', 'x/b').verdict).to.equal('dropped');
  });

  it('Pass skips the rest of the tier and hands over to NetworkPolicy, then to the baseline', () => {
    const below = baseline(`${everyone}, ingress: [{action: Deny, ${fromY}}]`);
    const tiers = { adminNetworkPolicies: [pass(1), deny(2)], baselineAdminNetworkPolicies: [below] };
    expect(ask(model({ ...tiers, networkPolicies: [open] }), 'y/a', 'x/b').verdict).to.equal('open');
    const { verdict, reason } = ask(model(tiers), 'y/a', 'x/b');
    expect(verdict).to.equal('dropped');
    expect(reason.text).to.contain('passes on').and.to.contain('BaselineAdminNetworkPolicy/default');
    expect(ask(model({ adminNetworkPolicies: [pass(1), deny(2)] }), 'y/a', 'x/b').verdict).to.equal('open');
  });

  it('the baseline is asked only where no NetworkPolicy isolates', () => {
    const below = baseline(`${everyone}, ingress: [{action: Deny, ${fromY}}]`);
    const both = model({ baselineAdminNetworkPolicies: [below], networkPolicies: [open] });
    expect(ask(both, 'y/a', 'x/b').verdict).to.equal('open');
    expect(ask(both, 'y/a', 'z/b').verdict).to.equal('dropped');
  });

  it('first matching rule decides within a policy', () => {
    const rules = `ingress: [{action: Accept, ${fromY}, protocols: [{tcp: {destinationPort: {number: 80}}}]}, {action: Deny, ${fromY}}]`;
    const it = model({ clusterNetworkPolicies: [cluster('c', `tier: Admin, priority: 5, ${everyone}, ${rules}`)] });
    expect(ask(it, 'y/a', 'x/b', 80).verdict).to.equal('open');
    expect(ask(it, 'y/a', 'x/b', 81).verdict).to.equal('dropped');
    expect(ask(it, 'y/a', 'x/b', 80, 'UDP').verdict).to.equal('dropped');
  });

  it('named ports, ranges and a protocol alone', () => {
    const rule = (match: string) => `ingress: [{action: Deny, ${fromY}, protocols: [${match}]}]`;
    const under = (match: string) =>
      model({ clusterNetworkPolicies: [cluster('c', `tier: Baseline, priority: 5, ${everyone}, ${rule(match)}`)] });
    expect(ask(under('{destinationNamedPort: serve-81-tcp}'), 'y/a', 'x/b', 81).verdict).to.equal('dropped');
    expect(ask(under('{destinationNamedPort: serve-81-tcp}'), 'y/a', 'x/b', 81, 'UDP').verdict).to.equal('open');
    expect(ask(under('{tcp: {destinationPort: {range: {start: 70, end: 80}}}}'), 'y/a', 'x/b', 81).verdict).to.equal(
      'open',
    );
    const anyUdp = '{udp: {destinationPort: {range: {start: 1, end: 65535}}}}';
    expect(ask(under(anyUdp), 'y/a', 'x/b', 80, 'UDP').verdict).to.equal('dropped');
    expect(() => under('{udp: {}}')).to.throw('destinationPort');
  });

  it('egress to networks and nodes', () => {
    const egress = (to: string) =>
      cluster('c', `tier: Admin, priority: 5, ${everyone}, egress: [{action: Deny, to: [${to}]}]`);
    const to = (it: ClusterModel, ip: string) =>
      judge(it, { from: podRef('x/a'), to: { kind: 'external', ip }, port: 443, protocol: 'TCP' }).verdict;
    const block = model({ clusterNetworkPolicies: [egress('{networks: [203.0.113.0/24]}')] });
    expect([to(block, '203.0.113.9'), to(block, '198.51.100.9')]).to.deep.equal(['dropped', 'open']);
    const nodes = model({ clusterNetworkPolicies: [egress('{nodes: {matchLabels: {node: n2}}}')] });
    expect([to(nodes, '172.18.0.3'), to(nodes, '172.18.0.9')]).to.deep.equal(['dropped', 'open']);
  });

  it('a rule by domain name fails closed: it accepts nothing', () => {
    const rules = '{action: Accept, to: [{domainNames: [example.org]}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}';
    const it = model({
      clusterNetworkPolicies: [cluster('c', `tier: Admin, priority: 5, ${everyone}, egress: [${rules}]`)],
    });
    expect(ask(it, 'x/a', 'y/b').verdict).to.equal('dropped');
  });

  it('equal priorities that disagree are marked, also when one passes', () => {
    expect(ask(model({ adminNetworkPolicies: [allow(3), deny(3)] }), 'y/a', 'x/b').disputed).to.equal('equal-priority');
    expect(ask(model({ adminNetworkPolicies: [deny(3), pass(3)] }), 'y/a', 'x/b').disputed).to.equal('equal-priority');
    const passed = model({ adminNetworkPolicies: [{ ...pass(3), metadata: { name: 'a' } }, deny(3)] });
    expect(ask(passed, 'y/a', 'x/b')).to.include({ verdict: 'open', disputed: 'equal-priority' });
    expect(ask(model({ adminNetworkPolicies: [allow(3), deny(4)] }), 'y/a', 'x/b')).to.not.have.property('disputed');
  });

  it('leaves loopback alone', () => {
    const self = cluster(
      'c',
      `tier: Admin, priority: 0, ${everyone}, ingress: [{action: Deny, from: [{namespaces: {}}]}]`,
    );
    expect(ask(model({ clusterNetworkPolicies: [self] }), 'x/a', 'x/a').verdict).to.equal('open');
  });

  it('refuses objects the API server would refuse', () => {
    expect(() => deny(1001)).to.throw('priority');
    expect(() => cluster('c', `tier: Admin, priority: 1, subject: {}`)).to.throw('exactly one field');
    expect(() => cluster('c', `tier: Admin, priority: 1, ${everyone}, ingress: [{action: Allow, ${fromY}}]`)).to.throw(
      'action',
    );
  });
});
