import { expect } from 'chai';
import { parse } from 'yaml';
import { drivers } from '../fault/drivers/index.ts';
import { fromChaosMesh } from './chaos-mesh.ts';
import { scenarioOf } from './imported-scenario.ts';
import { parseScenario } from './scenario.ts';
import { paramsSchema, readSettings } from './settings.ts';

const experiment = (kind: string, spec: object) => ({
  ...{ apiVersion: 'chaos-mesh.org/v1alpha1', kind, metadata: { name: 'x', namespace: 'chaos' } },
  spec: { mode: 'all', selector: { namespaces: ['shop'], labelSelectors: { app: 'web' } }, duration: '10s', ...spec },
});
const network = (spec: object) => fromChaosMesh(experiment('NetworkChaos', spec));

describe('an experiment of Chaos Mesh', () => {
  it('is the same fault, on the same pods, as long, in the same direction', () => {
    const delay = network({ action: 'delay', delay: { latency: '90ms', jitter: '10ms' } });
    expect(parseScenario(scenarioOf([delay]), 'x').faults).to.deep.equal([
      {
        ...{ name: 'x', fault: 'delay', target: 'shop:app=web', pick: 'all', for: '10s' },
        set: { ms: 90, jitterMs: 10, direction: 'egress' },
      },
    ]);
    expect(delay.lost).to.deep.equal([]);
  });

  it('is one fault for each namespace, its own where it names none', () => {
    const spec = { action: 'loss', loss: { loss: '25' }, direction: 'both' };
    const two = network({ ...spec, selector: { namespaces: ['a', 'b'], labelSelectors: { app: 'web' } } });
    expect(parseScenario(scenarioOf([two]), 'x').faults.map(({ name }) => name)).to.deep.equal(['x-1', 'x-2']);
    expect(network({ ...spec, selector: { labelSelectors: { app: 'web' } } }).targets).to.deep.equal(['chaos:app=web']);
  });

  it('counts rates as tc does: bps are bytes', () => {
    const rate = (text: string) => network({ action: 'bandwidth', bandwidth: { rate: text } }).settings['kbit'];
    expect(['1mbps', '1mbit', '500kbit', '64kbps'].map(rate)).to.deep.equal(['8000', '1000', '500', '512']);
  });

  it('says what of it is lost', () => {
    const of = (spec: object) => network({ action: 'loss', loss: { loss: '5' }, ...spec }).lost.join('; ');
    expect(of({ loss: { loss: '5', correlation: '25' } })).to.match(/correlation 25/);
    expect(of({ mode: 'random-max-percent' })).to.match(/mode random-max-percent: all pods that match are hit/);
    expect(of({ target: { mode: 'one', selector: {} } })).to.match(/^target: /);
    expect(of({ externalTargets: ['example.com', '10.0.0.0/8'] })).to.match(/externalTargets example.com: a name/);
    expect(of({ selector: { fieldSelectors: { a: 'b' } } })).to.match(/selector.fieldSelectors/);
    expect(of({ scheduler: { cron: '@every 15s' } })).to.match(/scheduler/);
  });

  it('keeps addresses outside of the cluster as peers', () => {
    const cut = network({ action: 'partition', direction: 'to', externalTargets: ['10.0.0.0/8', 'fd00::1'] });
    expect(cut).to.deep.include({ fault: 'isolate', settings: { direction: 'egress', peers: '10.0.0.0/8,fd00::1' } });
  });

  it('may kill pods, or have DNS fail for some names', () => {
    const kill = fromChaosMesh(experiment('PodChaos', { action: 'pod-kill', gracePeriod: 5, mode: 'one' }));
    expect(kill).to.deep.include({ fault: 'pod-kill', settings: { graceSeconds: '5' }, lost: [] });
    const dns = fromChaosMesh(
      experiment('DNSChaos', { action: 'error', patterns: ['google.com', '*.svc', 'git*b.com'] }),
    );
    expect(dns.settings).to.deep.equal({ answer: 'SERVFAIL', names: 'google.com,*.svc' });
    expect(dns.lost.join()).to.match(/pattern git\*b\.com/);
  });

  it('is refused where it has no counterpart, naming what', () => {
    expect(() => fromChaosMesh(experiment('TimeChaos', { action: 'x' }))).to.throw(
      /only NetworkChaos, PodChaos, DNSChaos/,
    );
    expect(() => fromChaosMesh(experiment('PodChaos', { action: 'pod-failure' }))).to.throw(/action pod-failure/);
    expect(() => network({ action: 'netem' })).to.throw(/action netem/);
    expect(() => fromChaosMesh(parse('a: 1'))).to.throw(/no experiment of Chaos Mesh/);
  });

  it('has settings that the fault takes', () => {
    const specs = [
      { action: 'delay', delay: { latency: '1s' } },
      { action: 'loss', loss: { loss: '5' } },
      { action: 'duplicate', duplicate: { duplicate: '5' } },
      { action: 'corrupt', corrupt: { corrupt: '5' } },
      { action: 'bandwidth', bandwidth: { rate: '1mbit' } },
      { action: 'partition' },
    ];
    for (const spec of specs) {
      const { fault, settings } = network(spec);
      const params = drivers.find(({ name }) => name === fault)?.params;
      if (params === undefined) throw new Error(`no fault ${fault}`);
      const flags = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
      const given = { ...readSettings(flags, paramsSchema(params)), pods: [{ namespace: 'shop', name: 'web' }] };
      expect(params.safeParse(given), fault).to.have.property('success', true);
    }
  });
});
