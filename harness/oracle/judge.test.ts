import type { ClusterModel, PodModel } from './model-types.ts';
import { expect } from 'chai';
import { allPairs, podRef } from './all-pairs.ts';
import { judge, truthTable } from './judge.ts';
import { ask, grid, policy } from './testing.test-support.ts';
import type { Attempt } from './types.ts';

const denyAll = policy('x/deny-all', '{podSelector: {}, policyTypes: [Ingress]}');
const allowFromY = policy(
  'x/allow',
  '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}, {from: [{namespaceSelector: {matchLabels: {ns: "y"}}}]}]}',
);

describe('oracle: judge', () => {
  const change = (model: ClusterModel, key: string, fields: Partial<PodModel>): ClusterModel => ({
    ...model,
    pods: model.pods.map((pod) => (`${pod.namespace}/${pod.name}` === key ? { ...pod, ...fields } : pod)),
  });
  const service = (from: string, to: string): Attempt => {
    const [namespace = '', name = ''] = to.split('/');
    return {
      from: podRef(from),
      to: { kind: 'service', namespace, name: `s-${namespace}-${name}` },
      port: 80,
      protocol: 'TCP',
    };
  };
  const node = (model: ClusterModel, name: string, to: string) =>
    judge(model, { from: { kind: 'node', name }, to: podRef(to), port: 80, protocol: 'TCP' });

  it('names the isolating policies when no rule admits', () => {
    const { reason } = ask(grid(denyAll), 'y/a', 'x/b');
    expect(reason.text).to.equal('dropped: ingress of x/b isolated by x/deny-all, no rule admits y/a on TCP 80');
    expect(reason.ingress).to.include({ admitted: false, tier: 'networkpolicy' });
  });

  it('names policy, rule and peer that admit', () => {
    const { verdict, reason } = ask(grid(denyAll, allowFromY), 'y/a', 'x/b');
    expect(verdict).to.equal('open');
    expect(reason.text).to.equal('open: x/allow ingress rule 2 peer 1 admits y/a on TCP 80');
    expect(reason.ingress).to.include({ rule: 2, peer: 1 });
  });

  it('reports both sides when both drop', () => {
    const egress = policy('y/no-out', '{podSelector: {}, policyTypes: [Egress]}');
    expect(ask(grid(denyAll, egress), 'y/a', 'x/b').reason.text).to.equal(
      'dropped: egress of y/a isolated by y/no-out, no rule admits x/b on TCP 80; ' +
        'ingress of x/b isolated by x/deny-all, no rule admits y/a on TCP 80',
    );
  });

  it('says refused where policy admits but nothing listens, dropped where policy drops first', () => {
    expect(ask(grid(), 'y/a', 'x/b', 8080).verdict).to.equal('refused');
    expect(ask(grid(denyAll), 'y/a', 'x/b', 8080).verdict).to.equal('dropped');
  });

  it('takes an unknown listener for open', () => {
    expect(ask(change(grid(), 'x/b', { serving: undefined }), 'y/a', 'x/b', 8080).verdict).to.equal('open');
  });

  it('lets a pod reach itself by its own address, and marks its own Service as hairpin', () => {
    const model = grid(denyAll);
    expect(ask(model, 'x/b', 'x/b').verdict).to.equal('open');
    expect(judge(model, service('x/b', 'x/b'))).to.include({ verdict: 'dropped', disputed: 'hairpin' });
    expect(judge(model, service('x/a', 'x/b'))).to.not.have.property('disputed');
  });

  it('lets a node reach its own pods whatever the policy, other nodes only by ipBlock', () => {
    // In the grid x/b lives on n2.
    expect(node(grid(denyAll), 'n2', 'x/b').verdict).to.equal('open');
    expect(node(grid(denyAll), 'n1', 'x/b').verdict).to.equal('dropped');
    const block = policy('x/nodes', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 172.18.0.2/32}}]}]}');
    expect(node(grid(block), 'n1', 'x/b').verdict).to.equal('open');
  });

  it('never lets a pod selector speak for a node', () => {
    const everyPod = policy('x/pods', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}');
    expect(node(grid(everyPod), 'n1', 'x/b').verdict).to.equal('dropped');
  });

  it('marks egress to the own node and anything about hostNetwork pods as disputed', () => {
    const noOut = policy('x/no-out', '{podSelector: {}, policyTypes: [Egress]}');
    const toNode = (name: string): Attempt => ({
      from: podRef('x/a'),
      to: { kind: 'node', name },
      port: 80,
      protocol: 'TCP',
    });
    expect(judge(grid(noOut), toNode('n1'))).to.include({ verdict: 'open', disputed: 'own-node' });
    expect(judge(grid(noOut), toNode('n2')).verdict).to.equal('dropped');
    const host = { hostNetwork: true, ips: ['172.18.0.3'], node: 'n2' };
    expect(ask(change(grid(denyAll), 'x/b', host), 'y/a', 'x/b')).to.include({
      verdict: 'open',
      disputed: 'host-network',
    });
    expect(ask(change(grid(denyAll), 'y/a', host), 'y/a', 'x/c')).to.include({
      verdict: 'dropped',
      disputed: 'host-network',
    });
    expect(ask(change(grid(), 'x/b', host), 'y/a', 'x/b')).to.not.have.property('disputed');
  });

  it('resolves named ports on the destination pod and its protocol', () => {
    const named = policy('x/named', '{podSelector: {}, ingress: [{ports: [{port: serve-81-tcp}]}]}');
    expect(ask(grid(named), 'y/a', 'x/b', 81).verdict).to.equal('open');
    expect(ask(grid(named), 'y/a', 'x/b', 80).verdict).to.equal('dropped');
    const wrong = policy('x/named', '{podSelector: {}, ingress: [{ports: [{port: serve-81-udp}]}]}');
    expect(ask(grid(wrong), 'y/a', 'x/b', 81).verdict).to.equal('dropped');
    const moved = change(grid(named), 'x/b', { containerPorts: [{ name: 'serve-81-tcp', port: 80, protocol: 'TCP' }] });
    expect(ask(moved, 'y/a', 'x/b', 80).verdict).to.equal('open');
  });

  it('treats an object by its address like the object itself', () => {
    const model = grid(denyAll);
    const ip = model.pods.find((pod) => pod.namespace === 'x' && pod.name === 'b')?.ips[0] ?? '';
    const attempt: Attempt = { from: podRef('y/a'), to: { kind: 'external', ip }, port: 80, protocol: 'TCP' };
    expect(judge(model, attempt).reason.text).to.equal(ask(model, 'y/a', 'x/b').reason.text);
  });

  it('refuses names the model lacks, listing what there is', () => {
    expect(() => ask(grid(), 'x/q', 'x/a')).to.throw('no pod x/q in this model');
  });

  it('judges every pair in the order asked', () => {
    const model = grid(denyAll);
    const table = truthTable(model, allPairs(model));
    expect(table.cells).to.have.length(9 * 9 * 4);
    const dropped = table.cells.filter((cell) => cell.verdict === 'dropped');
    expect(dropped).to.have.length((9 * 3 - 3) * 4);
  });
});
