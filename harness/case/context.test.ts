import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import type { KubeObject } from '../kube/types.ts';
import { openedRun } from './opened-run.test-support.ts';

const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map', namespace: 'theirs' } };
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof OrdealError ? `${error.code}: ${error.message}` : String(error);
};

/** What is refused at once is refused like what is refused later. */
const started = async (work: () => Promise<unknown>) => work();

/** A context over a cluster whose answers may get lost, and what was removed through it. */
async function contextOn({ answers = true } = {}) {
  const { cluster, open, ...seen } = await openedRun();
  const removed: string[] = [];
  const lost = () => Promise.reject(new Error('the connection broke'));
  const { kube } = cluster;
  const apply = kube.apply.bind(kube);
  Object.assign(kube, {
    apply: async (object: KubeObject) => {
      const stored = await apply(object);
      return answers ? stored : lost();
    },
    remove: ({ name }: { name: string }) => Promise.resolve(void removed.push(name)),
  });
  return { ...seen, opened: await open(), removed };
}

describe('the context of a case', () => {
  it('undoes what was stored though the answer was lost', async () => {
    const { opened, removed } = await contextOn({ answers: false });
    const { ctx } = opened;
    expect(await refusal(ctx.apply(map))).to.match(/connection broke/);
    expect(await refusal(ctx.namespace())).to.match(/connection broke/);
    await opened.close(false);
    expect(removed).to.deep.equal(['ord-000001-1-main', 'map']);
  });

  it('lets a case that is over change nothing more', async () => {
    const { opened, objects } = await contextOn();
    const { ctx } = opened;
    await opened.close(false);
    const before = objects.length;
    for (const work of [
      () => ctx.apply(map),
      async () => ctx.namespace(),
      () => ctx.agents([]),
      () => ctx.kube.create(map),
      () => ctx.kube.applyAll([map]),
      () => ctx.kube.patch({ ...map, name: 'map' }, {}),
      () => ctx.remove({ ...map, name: 'map' }),
      () => ctx.kube.exec({ namespace: 'theirs', name: 'pod' }, ['true']),
    ]) {
      expect(await refusal(started(work))).to.match(/INTERRUPTED: networkpolicy-x is over and may not/);
    }
    expect(objects.length).to.equal(before);
  });

  it('lets what undoes it change what it has to, while a body that was given up may not', async () => {
    const { opened, removed } = await contextOn();
    const { ctx } = opened;
    const given = Promise.withResolvers<undefined>();
    const late = given.promise.then(() => refusal(ctx.remove({ ...map, name: 'late' })));
    ctx.defer('undo', async () => {
      given.resolve(undefined);
      await late;
      await ctx.remove({ ...map, name: 'undone' });
    });
    await opened.close(false);
    expect(await late).to.match(/INTERRUPTED/);
    expect(removed).to.deep.equal(['undone']);
  });
});
