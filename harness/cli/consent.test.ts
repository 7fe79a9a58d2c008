import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suitesRoot } from '../base/paths.ts';
import { loadCases } from '../case/load.ts';
import { anyDisruption, disruptionKinds, missingConsent, touchesOthers } from '../case/touches.ts';
import { consentOf } from './consent.ts';

/** Who goes beyond objects of the run by what it does itself; `hostAgents` are told apart by their fixture. */
const beyondOwn = {
  dns: ['dns-forwarded', 'faults-coredns-kill'],
  mesh: ['mesh-mtls-disable-mesh', 'mesh-mtls-permissive-namespace', 'mesh-mtls-strict-mesh'],
  cni: ['faults-cni-agent-paused-catches-up', 'faults-cni-agent-paused-keeps-policy', 'faults-cni-agent-restart'],
  nodes: [
    ...['faults-kube-proxy-paused', 'faults-partition', 'faults-partition-deadline', 'faults-partition-one-way'],
    'services-external-ip',
  ],
  'host-ports': ['connectivity-host-port', 'connectivity-host-port-released'],
  'load-balancer': ['services-health-check-node-port'],
  load: ['dns-parallel-queries', 'services-more-than-thousand-endpoints'],
};

/** Words of a case file that reach past objects of the run. A pod kill in a namespace of its own does not. */
const telltale =
  /kube-system|externalIPs|hostPort\b|type: 'LoadBalancer'|kind: 'Node'|nodeExec|runOnNode|\(pause,|partitionOf\(/;
const harmless = {
  'dns/during.ts': 'asks which pods serve the cluster DNS',
  'dns/every-server.ts': 'reads the Service of the cluster DNS',
  'services/source-ranges.ts': 'a class that no controller takes up',
};

describe('what cases of the suites touch', () => {
  it('is, beyond their own, this', async () => {
    const cases = await loadCases(suitesRoot);
    const by = (kind: string) =>
      cases.filter(({ touches }) => touches !== 'own' && touches.disrupts === kind).map(({ id }) => id);
    for (const kind of disruptionKinds) expect(by(kind), kind).to.have.members(beyondOwn[kind]);
  });

  it('is declared in every file that names something of others', () => {
    const files = readdirSync(suitesRoot, { recursive: true, encoding: 'utf8' });
    const silent = files
      .filter((name) => name.endsWith('.ts') && !name.includes('.test') && !name.includes('support'))
      .filter((name) => {
        const text = readFileSync(join(suitesRoot, name), 'utf8');
        return telltale.test(text) && !text.includes('beyondOwn(');
      });
    expect(silent).to.have.members(Object.keys(harmless));
  });

  it('leaves most of a run on a cluster of somebody, with agents on the nodes left out', async () => {
    const cases = await loadCases(suitesRoot);
    const core = cases.filter(({ tier }) => tier === 'core');
    const allowed = core.filter((one) => missingConsent(one, new Set()) === undefined);
    expect(allowed.length / core.length).to.be.above(0.8);
    expect(allowed.flatMap(touchesOthers)).to.deep.equal([]);
  });
});

describe('consentOf', () => {
  it('is all on a cluster that Ordeal made, and what was named on another', () => {
    const given = { kubeconfig: 'file' };
    expect(consentOf({ kubeconfig: undefined, allowDisruption: [] })).to.equal(anyDisruption);
    expect([...consentOf({ ...given, allowDisruption: [] })]).to.deep.equal([]);
    expect([...consentOf({ ...given, allowDisruption: ['dns', 'cni'] })]).to.deep.equal(['dns', 'cni']);
    expect([...consentOf({ ...given, allowDisruption: ['all'] })]).to.deep.equal([...disruptionKinds]);
  });
});
