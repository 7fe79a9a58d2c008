import { expect } from 'chai';
import { loss } from '../fault/drivers/loss.ts';
import { drivers } from '../fault/drivers/index.ts';
import { parseDuration } from './duration.ts';
import { describeParams, paramsSchema, readSettings } from './settings.ts';
import { parseWatch, seenIn } from './watch.ts';

describe('--set', () => {
  const schema = paramsSchema(loss.params);
  const read = (...settings: string[]) => readSettings(settings, schema);

  it('is read as YAML, and as a list where the parameter is one', () => {
    expect(read('percent=2.5', 'mode=nth', 'ports=80,443')).to.deep.equal({
      percent: 2.5,
      mode: 'nth',
      ports: [80, 443],
    });
    expect(read('ports=[80]', 'peers=10.0.0.0/8')).to.deep.equal({ ports: [80], peers: ['10.0.0.0/8'] });
  });

  it('is refused for a parameter that is not there, naming those that are, and for another form', () => {
    expect(() => read('procent=1')).to.throw(/no parameter procent; there are pods, percent, mode/);
    expect(() => read('percent')).to.throw(/write NAME=VALUE/);
  });

  it('can be described for every fault, with what is needed and what is usual', () => {
    const lines = describeParams(schema, ['pods']);
    expect(lines.join('\n'))
      .to.match(/percent \(needed\): number 0\.\.100/)
      .and.match(/mode: random \| nth \| bursts, default "random"/);
    expect(lines.join('\n')).not.to.match(/^ {2}pods/m);
    for (const { params } of drivers) expect(describeParams(paramsSchema(params), [])).not.to.deep.equal([]);
  });
});

describe('--for', () => {
  it('takes milliseconds to an hour', () => {
    expect(['500ms', '60s', '1.5m', '1h'].map((text) => parseDuration(text, '--for'))).to.deep.equal([
      500, 60_000, 90_000, 3_600_000,
    ]);
  });

  it('is refused when it is missing, not a duration, nothing, or above an hour', () => {
    expect(() => parseDuration(undefined, '--for')).to.throw(/no fault is injected without an end/);
    for (const text of ['60', 'soon', '0s', '-5s'])
      expect(() => parseDuration(text, '--for'), text).to.throw(/write 500ms/);
    expect(() => parseDuration('2h', '--for')).to.throw(/at most 1h/);
  });
});

describe('--watch', () => {
  const timeouts = { sampleTimeoutMs: 5_000, dnsQueryMs: 2_000 };
  const probe = (text: string) => parseWatch(text, timeouts).probe;

  it('names a probe', () => {
    expect(probe('tcp://10.0.0.1:80')).to.include({ kind: 'tcp', host: '10.0.0.1', port: 80 });
    expect(probe('http://web.shop.svc/health')).to.include({
      kind: 'http',
      host: 'web.shop.svc',
      port: 80,
      path: '/health',
    });
    expect(probe('udp://web:53')).to.include({ kind: 'udp', port: 53 });
    expect(probe('dns://web.shop.svc.cluster.local')).to.include({ kind: 'dns', name: 'web.shop.svc.cluster.local' });
  });

  it('is refused without a port or in another form', () => {
    expect(() => probe('tcp://web')).to.throw(/port is missing/);
    for (const text of ['web:80', 'ftp://web:21', 'nonsense']) expect(() => probe(text), text).to.throw(/write tcp:/);
  });

  it('counts what failed and how long, and leaves broken probes out of the share', () => {
    const sample = (atMs: number, verdict: 'open' | 'dropped' | 'inconclusive') => ({
      atMs,
      verdict,
      latencyUs: 2_000,
    });
    const seen = seenIn([sample(0, 'open'), sample(50, 'dropped'), sample(100, 'open'), sample(150, 'inconclusive')]);
    expect(seen).to.include({ attempts: 4, failures: 1, longestMs: 50, inconclusive: 1, p50Ms: 2 });
    expect(seen.failedShare).to.be.closeTo(1 / 3, 1e-9);
  });
});
