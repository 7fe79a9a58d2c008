import { expect } from 'chai';
import { ProbeThrottle } from './probe-throttle.ts';

const row = 36;

/** A row that ends when told, and what tells. */
function rowOf(gate: ProbeThrottle, probes = row) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { begun: false, answersIn: () => undefined as unknown };
  const ended = gate.run(probes, (answersIn) => {
    state.begun = true;
    state.answersIn = () => answersIn?.();
    return promise;
  });
  return { state, ended, resolve, reject };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a gate for rows of tables', () => {
  it('lets another begin as soon as one has its answers, or ends, and counts each once', async () => {
    const gate = new ProbeThrottle(2 * row);
    const rows = [1, 2, 3, 4, 5].map(() => rowOf(gate));
    const begun = () => rows.filter(({ state }) => state.begun).length;
    await turn();
    expect(begun()).to.equal(2);
    rows[0]?.state.answersIn();
    await turn();
    expect(begun()).to.equal(3);
    rows[0]?.resolve('ended');
    expect(await rows[0]?.ended).to.equal('ended');
    await turn();
    expect(begun(), 'it had left already').to.equal(3);
    rows[1]?.resolve('ended');
    await turn();
    expect(begun()).to.equal(4);
  });

  it('is free again after a row that failed, lets a long row pass alone, and holds up no few cells', async () => {
    const gate = new ProbeThrottle(row);
    const failed = rowOf(gate, 2 * row);
    const waiting = rowOf(gate);
    const few = rowOf(gate, 8);
    await turn();
    expect([waiting.state.begun, few.state.begun]).to.deep.equal([false, true]);
    failed.reject(new Error('gone'));
    expect(String(await failed.ended.catch((error: unknown) => error))).to.contain('gone');
    await turn();
    expect(waiting.state.begun).to.equal(true);
  });

  it('has room for as many probes as the agents have cores, and for those of two at least', async () => {
    for (const [cores, room] of [
      [1, 400],
      [16, 3_200],
    ] as const) {
      const gate = ProbeThrottle.forCores(cores);
      const rows = Array.from({ length: room / 100 + 1 }, () => rowOf(gate, 100));
      await turn();
      expect(rows.filter(({ state }) => state.begun)).to.have.lengthOf(room / 100);
    }
  });
});
