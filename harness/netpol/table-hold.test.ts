import { expect } from 'chai';
import type { MeasuredCell } from './table.ts';
import { judgeLook } from './table-hold.ts';

const all = new Set(['x/a', 'y/b']);

const ingress = { admitted: false };

function cell(expected: string, verdict: string, to = 'y/b'): MeasuredCell {
  return {
    ...{ key: `x/a ${to} TCP 80`, from: 'x/a', to, route: 'pod', port: 80, protocol: 'TCP' },
    expected: {
      verdict: expected,
      reason: { text: `${expected}: because`, ...(expected === 'dropped' && { ingress }) },
    },
    measured: { verdict, elapsedUs: 1 },
  } as MeasuredCell;
}

const look = (one: MeasuredCell, awake: ReadonlySet<string> = all) => judgeLook({ cells: [one], awake });

describe('a look at a held table', () => {
  it('takes a packet through a denied path for a relapse, whatever else its pods do', () => {
    const { wrong, excused } = look(cell('dropped', 'open'), new Set());
    expect([...wrong.values()]).to.deep.equal(['measured open, expected dropped: because']);
    expect(excused.size).to.equal(0);
  });

  it('takes any way to close a path for a denial', () => {
    for (const verdict of ['dropped', 'refused', 'unreachable']) {
      const { wrong, excused } = look(cell('dropped', verdict));
      expect([wrong.size, excused.size], verdict).to.deep.equal([0, 0]);
    }
  });

  it('takes silence where all is admitted for a relapse if both pods reach themselves', () => {
    expect(look(cell('open', 'dropped')).wrong.size).to.equal(1);
    expect(look(cell('open', 'dropped', 'svc y/b')).wrong.size).to.equal(1);
    expect(look(cell('open', 'refused', 'svc y/b')).wrong.size).to.equal(1);
  });

  it('says nothing of silence around a pod that does not reach itself', () => {
    for (const awake of ['x/a', 'y/b']) {
      const { wrong, excused } = look(cell('open', 'dropped', 'svc y/b'), new Set([awake]));
      expect([wrong.size, excused.size], `only ${awake} is awake`).to.deep.equal([0, 1]);
    }
  });

  it('says nothing of a probe that broke', () => {
    expect(look(cell('dropped', 'inconclusive')).excused.size).to.equal(1);
    expect(look(cell('open', 'inconclusive')).excused.size).to.equal(1);
  });
});
