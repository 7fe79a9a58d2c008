import { expect } from 'chai';
import type { Concurrency } from './concurrency.ts';
import { startCases } from './engine.ts';
import { atOnce, bench, engineOf, fakeCase } from './fake-engine.test-support.ts';

/** Notes which cases end, and how many run then. */
function tracker() {
  let running = 0;
  const seen: string[] = [];
  const track = (id: string) => async () => {
    running += 1;
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`${id}:${running}`);
    running -= 1;
  };
  return { seen, track };
}

describe('the order of cases', () => {
  it('runs exclusive cases alone, after the rest', async () => {
    const { seen, track } = tracker();
    const cases = [
      fakeCase('dns-alone', track('alone'), { exclusive: true }),
      fakeCase('dns-a', track('a')),
      fakeCase('dns-b', track('b'), { uses: [bench] }),
    ];
    await startCases(engineOf(cases).options).done;
    expect(seen.at(-1)).to.equal('alone:1');
  });

  it('runs exclusive cases side by side that want different parts of the cluster', async () => {
    const { seen, track } = tracker();
    const cases = [
      fakeCase('dns-all', track('all'), { exclusive: true }),
      fakeCase('dns-one', track('dns-1'), { exclusive: ['dns'] }),
      fakeCase('dns-two', track('dns-2'), { exclusive: ['dns'] }),
      fakeCase('dns-paths', track('paths'), { exclusive: ['paths', 'service-proxy'] }),
    ];
    await startCases(engineOf(cases).options).done;
    expect(seen).to.deep.equal(['all:1', 'dns-1:2', 'paths:2', 'dns-2:1']);
  });

  it('does not leave those for the end that wait long on this CNI', async () => {
    for (const [idleBeside, ended] of [
      [false, 'slow:1'],
      [true, 'slow:2'],
    ] as const) {
      const { seen, track } = tracker();
      const cases = [
        fakeCase('dns-alone', track('alone'), { exclusive: true }),
        fakeCase('dns-slow', track('slow'), { exclusive: true, mostlyIdle: true }),
        fakeCase('dns-a', track('a')),
      ];
      await startCases(engineOf(cases, { concurrency: { ...atOnce(2), idleBeside } }).options).done;
      expect(seen).to.include(ended);
    }
  });

  it('has mostly idle cases overlap the rest, where nobody said how many run at once', async () => {
    const begun = async (idleCores?: Concurrency['idleCores']) => {
      const ids: string[] = [];
      const gate = Promise.withResolvers<undefined>();
      const idler = (id: string) =>
        fakeCase(id, () => (ids.push(id), gate.promise), { idleLoad: { seconds: 30, cores: 0.2 } });
      const worker = (id: string) => fakeCase(id, () => (ids.push(id), Promise.resolve()));
      const cases = [worker('dns-a'), idler('dns-idle-1'), idler('dns-idle-2'), worker('dns-b')];
      const concurrency = { ...atOnce(1), ...(idleCores === undefined ? {} : { idleCores }) };
      const { done } = startCases(engineOf(cases, { concurrency }).options);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const early = [...ids];
      gate.resolve(undefined);
      await done;
      expect(ids).to.have.members(cases.map(({ id }) => id));
      return early;
    };
    expect(await begun()).to.deep.equal(['dns-idle-1']);
    expect(await begun({ beside: 0.2, after: 0.2 })).to.have.members(['dns-idle-1', 'dns-a', 'dns-b']);
    expect(await begun({ beside: 0.2, after: 0.4 })).to.have.members(['dns-idle-1', 'dns-a', 'dns-b', 'dns-idle-2']);
  });
});
