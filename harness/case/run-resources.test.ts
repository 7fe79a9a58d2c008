import { expect } from 'chai';
import type { LeasedFixture, RunFixture } from './fixture.ts';
import { openedRun } from './opened-run.test-support.ts';

/** A fixture that cases lease: a namespace with one pod. */
const bench = (name: string, more: Partial<LeasedFixture<string>> = {}): LeasedFixture<string> => ({
  name,
  scope: 'lease',
  touches: 'own',
  rights: [],
  pods: () => 1,
  capacity: () => 2,
  casesWorthOne: 4,
  open: async (run) => {
    const namespace = await run.namespace(name);
    await run.agents([{ name: 'a', namespace }]);
    return { value: name, accept: () => Promise.resolve(), keep: () => Promise.resolve() };
  },
  ...more,
});
const small = bench('small', { casesWorthOne: 1 });
const whole = bench('whole', { idleVariant: small });
const shared: RunFixture<string> = {
  name: 'shared',
  scope: 'run',
  touches: 'own',
  rights: [],
  pods: () => 1,
  open: async (run) => ({ value: await run.namespace('shared') }),
};

const leasing = (count: number) => Array.from({ length: count }, () => ({ uses: [whole] }));
const concurrency = (idle = 0) => ({ leased: new Map([[whole, { busy: 2, idle }]]) });
const names = (there: ReadonlySet<string>) => [...there].map((name) => name.replace(/^.*-/, '')).sort();

describe('the resources of a run', () => {
  it('open what its cases share and lease, no more, and take it down', async () => {
    const { there, resources } = await openedRun({ cases: [{ uses: [shared, whole] }], concurrency: concurrency() });
    await new Promise(setImmediate);
    expect(names(there)).to.deep.equal(['shared', 'whole']);
    await resources.close();
    expect(names(there)).to.deep.equal([]);
    expect(names((await openedRun()).there)).to.deep.equal([]);
  });

  it('take down a fixture that was still being opened when the run ended', async () => {
    const { there, resources } = await openedRun({ cases: leasing(1), concurrency: concurrency(), hung: true });
    await new Promise(setImmediate);
    expect(names(there)).to.deep.equal(['whole']);
    await resources.close();
    expect(names(there)).to.deep.equal([]);
  });

  it('leave what is in a cluster that goes to that', async () => {
    const { there, resources } = await openedRun({ cases: [{ uses: [shared] }], clusterGoes: true });
    await resources.close();
    expect(names(there)).to.deep.equal(['shared']);
  });

  it('keep what can be kept where the cluster stays, and nothing else', async () => {
    const { there, resources } = await openedRun({ cases: [{ uses: [shared, whole] }], concurrency: concurrency() });
    await resources.close({ keep: true });
    expect(names(there)).to.deep.equal(['whole']);
  });

  it('are taken down where one that is shared does not come up, and say why', async () => {
    const broken: RunFixture<string> = { ...shared, name: 'broken', open: () => Promise.reject(new Error('no room')) };
    const failure = await openedRun({ cases: [{ uses: [shared, broken] }] }).catch((error: unknown) => String(error));
    expect(failure).to.contain('no room');
  });

  it('close what builds on another before that, though it began first', async () => {
    const closed: string[] = [];
    const closing = (name: string, open: RunFixture<string>['open']): RunFixture<string> => ({
      name,
      scope: 'run',
      touches: 'own',
      rights: [],
      pods: () => 1,
      open: (run) => {
        run.defer(name, () => Promise.resolve(void closed.push(name)));
        return open(run);
      },
    });
    const ground = closing('ground', () => Promise.resolve({ value: 'ground' }));
    const upper = closing('upper', async (run) => ({ value: `upper on ${await run.use(ground)}` }));
    const { open, resources } = await openedRun({ cases: [{ uses: [upper] }] });
    expect((await open()).ctx.use(upper)).to.equal('upper on ground');
    await resources.close();
    expect(closed).to.deep.equal(['upper', 'ground']);
  });

  it('hand a case nothing that its definition does not name', async () => {
    const { open } = await openedRun({ cases: [{ uses: [shared] }] });
    const { ctx } = await open({ uses: [] });
    expect(() => ctx.use(shared)).to.throw('networkpolicy-x asks for shared, which its definition does not name');
  });

  it('lend mostly idle cases a variant of their own, where there are any', async () => {
    const lent = async (idle: number, mostlyIdle: boolean) => {
      const { open } = await openedRun({ cases: leasing(1), concurrency: concurrency(idle) });
      return (await open({ mostlyIdle })).ctx.use(whole);
    };
    expect(await lent(1, true)).to.equal('small');
    expect(await lent(1, false)).to.equal('whole');
    expect(await lent(0, true)).to.equal('whole');
  });

  it('open no second one for so few cases that the first is done with them sooner', async () => {
    const openedFor = async (cases: number) => {
      const { there, open } = await openedRun({ cases: leasing(cases), concurrency: concurrency() });
      for (const { ctx } of [await open(), await open()]) void ctx.use(whole);
      await new Promise(setImmediate);
      return there.size;
    };
    expect(await openedFor(4)).to.equal(1);
    expect(await openedFor(5)).to.equal(2);
  });

  it('lend a case that uses two in one order, so that two such never wait for each other', async () => {
    const other = bench('other');
    const uses = [whole, other];
    const { open } = await openedRun({ cases: [{ uses }] });
    const [one, two] = [await open(), await open()];
    expect(await one.ctx.use(whole)).to.equal('whole');
    const got = Promise.all([two.ctx.use(other), two.ctx.use(whole)]);
    expect(await one.ctx.use(other)).to.equal('other');
    await one.close(true);
    expect(await got).to.deep.equal(['other', 'whole']);
  });
});
