import { expect } from 'chai';
import { InconclusiveError } from '../base/errors.ts';
import { podRef } from '../oracle/all-pairs.ts';
import type { Verdict } from '../probe/types.ts';
import { refuseBrokenProbes, withoutOwnAddress } from './broken-probes.ts';
import type { TrackedPod } from './state.ts';
import type { MeasuredCell } from './table.ts';

function cell(from: string, to: string, wanted: 'open' | 'dropped', verdict: Verdict): MeasuredCell {
  const [way = '', behind] = to.split(' ');
  const reaches = behind === undefined ? {} : { reaches: [behind] };
  const end = behind === undefined ? podRef(to) : ({ kind: 'service', namespace: 'n', name: way } as const);
  const attempt = { from: podRef(from), to: end, port: 80, protocol: 'UDP' } as const;
  const expected = { ...attempt, verdict: wanted, reason: { text: 'told' }, ...reaches };
  return {
    key: `${from} ${to}`,
    from,
    to,
    route: 'pod',
    port: 80,
    protocol: 'UDP',
    expected,
    measured: { verdict, elapsedUs: 0 },
  };
}

function judged(...cells: MeasuredCell[]): unknown {
  try {
    refuseBrokenProbes(cells, new Error('did not settle'));
    return undefined;
  } catch (error) {
    return error;
  }
}

const busy = cell('z/b', 'z/b', 'open', 'dropped');

describe('refuseBrokenProbes', () => {
  it('lets a failure stand where pods that answer themselves are cut off, or reached against a policy', () => {
    expect(judged(cell('x/a', 'x/a', 'open', 'open'), cell('x/b', 'x/a', 'open', 'dropped'))).to.equal(undefined);
    expect(judged(busy, cell('x/b', 'x/a', 'open', 'dropped'))).to.equal(undefined);
    expect(judged(busy, cell('x/b', 'z/b', 'dropped', 'open'))).to.equal(undefined);
  });

  it('calls the case undecided where a probe broke', () => {
    expect(judged(cell('x/b', 'x/a', 'open', 'inconclusive'))).to.be.instanceOf(InconclusiveError);
  });

  it('calls the case undecided where only pods that do not answer themselves are silent, and names them', () => {
    const error = judged(busy, cell('x/a', 'svc z/b', 'open', 'dropped'), cell('z/b', 'x/c', 'open', 'dropped'));
    expect(error)
      .to.be.instanceOf(InconclusiveError)
      .with.property('message')
      .that.matches(/^z\/b did not answer even/);
    expect(error)
      .to.have.property('message')
      .that.matches(/--concurrency 1/);
  });

  it('has nothing to say where all agrees', () => {
    expect(judged(cell('x/a', 'x/b', 'dropped', 'dropped'))).to.equal(undefined);
  });

  it('lets a failure stand of a pod that has time, answers on its loopback and never at its own address', async () => {
    const agentWith = (own: Verdict, loopback: Verdict) => {
      const probe = (probes: readonly { host: string }[]) =>
        Promise.resolve(probes.map(({ host }) => ({ verdict: host === '127.0.0.1' ? loopback : own, elapsedUs: 1 })));
      return { name: 'b', namespace: 'z', ip: '10.0.0.9', probe };
    };
    const cutOff = (own: Verdict, loopback: Verdict) =>
      withoutOwnAddress([busy], { pods: [{ agent: agentWith(own, loopback) } as unknown as TrackedPod] }, 1);
    expect([...(await cutOff('dropped', 'open'))]).to.eql(['z/b']);
    expect((await cutOff('dropped', 'dropped')).size).to.equal(0);
    expect((await cutOff('open', 'open')).size).to.equal(0);
    expect((await cutOff('dropped', 'inconclusive')).size).to.equal(0);
    expect(() => refuseBrokenProbes([busy], new Error('x'), new Set(['z/b']))).not.to.throw();
  });
});
