import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { podRef } from '../oracle/all-pairs.ts';
import type { Verdict } from '../probe/types.ts';
import type { MeasuredCell } from './table.ts';
import { explainCanaryTimeout } from './canary-timeout.ts';

function cell(from: string, to: string, verdict: Verdict): MeasuredCell {
  const attempt = { from: podRef(from), to: podRef(to), port: 80, protocol: 'TCP' } as const;
  const expected = { ...attempt, verdict: 'open', reason: { text: 'open: no policy selects it' } } as const;
  return {
    key: `${from} ${to}`,
    from,
    to,
    route: 'pod',
    port: 80,
    protocol: 'TCP',
    expected,
    measured: { verdict, elapsedUs: 0 },
  };
}

const timeout = new OrdealError(
  'NOT_SETTLED',
  'as it was before the canary did not settle\ntrail:\n0-3000 ms, 5x: closed',
);

describe('explainCanaryTimeout', () => {
  it('says what the table shows before what did not tell of it, and keeps the trail', () => {
    const error = explainCanaryTimeout(
      'policies applied',
      [cell('x/b', 'x/a', 'dropped'), cell('x/a', 'x/b', 'open')],
      timeout,
    );
    expect(error).to.be.instanceOf(OrdealError).with.property('code', 'NOT_SETTLED');
    expect(error)
      .to.have.property('message')
      .that.matches(/^table after "policies applied": 1 cells differ: x\/b -> x\/a .*; as it was before the canary/)
      .and.matches(/\n0-3000 ms, 5x: closed$/);
  });

  it('leaves the error as it is where the table agrees: then the canary alone is what was seen', () => {
    expect(explainCanaryTimeout('policies applied', [cell('x/b', 'x/a', 'open')], timeout)).to.equal(timeout);
  });

  it('leaves what is not of the network alone', () => {
    const gone = new OrdealError('KUBE_API', 'connection refused');
    expect(explainCanaryTimeout('policies applied', [cell('x/b', 'x/a', 'dropped')], gone)).to.equal(gone);
  });
});
