import { expect } from 'chai';
import { defineCase } from './define-case.ts';
import { drain } from './scheduler.ts';
import type { CaseDefinition } from './types.ts';

const named = (id: string, mostlyIdle = false): CaseDefinition =>
  defineCase({ id, title: id, area: 'dns', touches: 'own', rights: [], mostlyIdle, run: () => Promise.resolve() });

const cases = [named('work-1'), named('work-2'), named('wait-1', true), named('wait-2', true), named('work-3')];

/** Starts lanes over cases that end when told; returns what has begun and who ends one. */
function started(lanes: { busy: number; idle: number }, chosen: readonly CaseDefinition[] = cases) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const judge = (one: CaseDefinition) => {
    begun.push(one.id);
    return new Promise<void>((end) => ends.set(one.id, end));
  };
  const done = drain(chosen, judge, lanes);
  const end = async (id: string) => {
    ends.get(id)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, end, done };
}

describe('drain', () => {
  it('begins waiters first where they share lanes with the others', () => {
    expect(started({ busy: 3, idle: 0 }).begun).to.deep.equal(['wait-1', 'wait-2', 'work-1']);
  });

  it('keeps lanes of their own for waiters, and those of the others for work', async () => {
    const { begun, end } = started({ busy: 1, idle: 1 });
    expect(begun).to.deep.equal(['work-1', 'wait-1']);
    await end('work-1');
    expect(begun).to.deep.equal(['work-1', 'wait-1', 'work-2']);
    await end('wait-1');
    expect(begun).to.deep.equal(['work-1', 'wait-1', 'work-2', 'wait-2']);
    await end('wait-2');
    expect(begun).not.to.include('work-3');
  });

  it('opens a further lane for waiters only where there are many', () => {
    const waiters = Array.from({ length: 4 }, (_, index) => named(`wait-${index}`, true));
    expect(started({ busy: 1, idle: 3 }, waiters.slice(0, 3)).begun).to.deep.equal(['wait-0']);
    expect(started({ busy: 1, idle: 3 }, waiters).begun).to.deep.equal(['wait-0', 'wait-1']);
  });

  it('opens no lane for waiters that are not there', () => {
    const busy = cases.filter((one) => !one.mostlyIdle);
    expect(started({ busy: 1, idle: 2 }, busy).begun).to.deep.equal(['work-1']);
  });

  const alike = (...affinities: (string | undefined)[]) =>
    affinities.map((affinity, index) => ({
      ...named(`${affinity ?? 'none'}-${index}`),
      ...(affinity === undefined ? {} : { affinity }),
    }));

  it('judges those of one affinity one after another, and last those that want their world as it was made', async () => {
    const mixed = alike('denied', undefined, 'open', 'denied', undefined, 'open');
    const { begun, end } = started({ busy: 1, idle: 0 }, mixed);
    for (let done = 0; done < mixed.length; done++) await end(begun[done] ?? '');
    expect(begun).to.deep.equal(['open-2', 'open-5', 'denied-0', 'denied-3', 'none-1', 'none-4']);
  });

  it('keeps a lane to a affinity, and has another begin with the next, until only that of the first is left', async () => {
    const { begun, end } = started({ busy: 2, idle: 0 }, alike('a', 'a', 'a', 'bb', 'bb'));
    for (const id of ['bb-3', 'a-0', 'bb-4']) await end(id);
    expect(begun).to.deep.equal(['a-0', 'bb-3', 'bb-4', 'a-1', 'a-2']);
  });

  it('judges each case once and ends with the last', async () => {
    const { begun, end, done } = started({ busy: 4, idle: 3 });
    for (const { id } of cases) await end(id);
    await done;
    expect(begun.toSorted()).to.deep.equal(cases.map((one) => one.id).toSorted());
  });
});
