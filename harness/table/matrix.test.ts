import type { Agent } from '../probe/agent-types.ts';
import { expect } from 'chai';
import { measureMatrix, type MatrixTarget } from './matrix.ts';
import { renderDifference } from './matrix-text.ts';
import type { Probe, ProbeResult, Verdict } from '../probe/types.ts';

/** Answers each probe with what `answer` says of the asked host. */
function fakeAgent(name: string, answer: (probe: Probe) => Verdict, rows: Probe[][] = []): Agent {
  const probe = (probes: readonly Probe[]): Promise<ProbeResult[]> => {
    rows.push([...probes]);
    return Promise.resolve(probes.map((one) => ({ verdict: answer(one), elapsedUs: 1500 })));
  };
  const never = () => Promise.reject(new Error('unused'));
  const bootSampler = () => ({ peek: never, stop: never });
  return {
    name,
    namespace: 'x',
    node: 'n',
    ip: name,
    ips: [name],
    probe,
    sample: never,
    bootSampler,
    stalls: never,
    setReady: never,
  };
}

const target = (key: string, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): MatrixTarget => ({
  key,
  host: key,
  port,
  protocol,
});

describe('a matrix', () => {
  it('asks every source once for its whole row', async () => {
    const rows: Probe[][] = [];
    const sources = ['x/a', 'x/b', 'x/c'].map((key) => ({ key, agent: fakeAgent(key, () => 'open', rows) }));
    const targets = sources.flatMap(({ key }) => [target(key, 80), target(key, 81, 'UDP')]);
    const matrix = await measureMatrix(sources, targets, { timeoutMs: 300 });
    expect(rows.map((row) => row.length)).to.deep.equal([6, 6, 6]);
    expect(matrix.cells.size).to.equal(18);
    expect(matrix.cells.get('x/a -> x/b:81/UDP')?.result.verdict).to.equal('open');
  });

  it('leaves out what it is told to', async () => {
    const sources = [{ key: 'x/a', agent: fakeAgent('x/a', () => 'open') }];
    const skip = ({ from, to }: { from: string; to: string }) => from === to;
    const matrix = await measureMatrix(sources, [target('x/a', 80), target('x/b', 80)], { timeoutMs: 300, skip });
    expect([...matrix.cells.keys()]).to.deep.equal(['x/a -> x/b:80/TCP']);
  });

  it('asks silent cells again while answers come late, and believes them when they no longer do', async () => {
    const asked: string[][] = [];
    const rounds = [
      { late: 'a', silent: ['b', 'c'] },
      { late: '', silent: ['b'] },
    ];
    const probe = (probes: readonly Probe[]): Promise<ProbeResult[]> => {
      const hosts = probes.map((one) => ('host' in one ? one.host : ''));
      const round = rounds[asked.push(hosts) - 1];
      const verdict = (host: string): Verdict => (round?.silent.includes(host) === true ? 'dropped' : 'open');
      const elapsedUs = (host: string) => (round?.late === host ? 200_000 : 1_000);
      return Promise.resolve(hosts.map((host) => ({ verdict: verdict(host), elapsedUs: elapsedUs(host) })));
    };
    const agent = { ...fakeAgent('s', () => 'open'), probe };
    const targets = ['a', 'b', 'c', 'd'].map((key) => target(key, 80));
    const { cells } = await measureMatrix([{ key: 's', agent }], targets, { timeoutMs: 300 });
    expect(asked).to.deep.equal([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'a'],
    ]);
    expect([...cells.values()].map(({ result }) => result.verdict)).to.deep.equal(['open', 'dropped', 'open', 'open']);
  });

  it('prints where expectation and measurement part', async () => {
    const sources = ['x/a', 'y/b'].map((key) => ({
      key,
      agent: fakeAgent(key, (probe) => ('port' in probe && probe.port === 82 ? 'dropped' : 'open')),
    }));
    const targets = [80, 81, 82].flatMap((port) => [target('x/a', port), target('y/b', port)]);
    const measured = await measureMatrix(sources, targets, { timeoutMs: 300 });
    const expected = new Map(
      [...measured.cells.keys()]
        .filter((key) => key.endsWith('82/TCP'))
        .map((key) => [key, key.startsWith('x/a') ? 'dropped' : 'open'] as const),
    );
    expect(renderDifference(expected, measured)).to.equal('82/TCP\n     x/a  y/b\nx/a  =    =\ny/b  .>X  .>X\n');
  });
});
