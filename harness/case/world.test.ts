import { expect } from 'chai';
import { fakeKube } from '../cluster/fake-kube.test-support.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import type { Agent, AgentPodSpec } from '../probe/types.ts';
import { Timeouts } from '../timeouts.ts';
import { defineCase } from './define-case.ts';
import type { Grid } from './types.ts';
import { openWorld } from './world.ts';

/** A cluster of one node that remembers which namespaces and policies are there; its agents answer nothing. */
function fakeCluster() {
  const there = new Set<string>();
  const policies = new Map<string, KubeObject>();
  const objects: KubeObject[] = [];
  const changed: string[] = [];
  const kube: Kube = {
    ...fakeKube([]),
    apply: <T extends KubeObject>(object: T) => {
      if (object.kind === 'Namespace') {
        const name = object.metadata.name ?? '';
        there.add(name);
        object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': name };
      }
      if (object.kind === 'NetworkPolicy') policies.set(object.metadata.name ?? '', object);
      objects.push(object);
      return Promise.resolve(object);
    },
    get: (ref) => fakeKube(objects).get(ref),
    list: (query) => fakeKube([...policies.values(), ...objects.filter(({ kind }) => kind === 'Pod')]).list(query),
    until: () => Promise.resolve(undefined),
    patch: (ref, patch) => {
      const stored = objects.find(
        ({ kind, metadata }) => kind === ref.kind && metadata.name === ref.name && metadata.namespace === ref.namespace,
      );
      const labels = { ...stored?.metadata.labels, ...(patch as { metadata: { labels: object } }).metadata.labels };
      Object.assign(stored?.metadata ?? {}, {
        labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== null)),
      });
      changed.push(`${ref.kind} ${ref.name}`);
      return Promise.resolve({ apiVersion: 'v1', kind: ref.kind, metadata: {} });
    },
    remove: ({ kind, name }) => {
      if (kind === 'Namespace') there.delete(name);
      if (kind === 'NetworkPolicy') {
        policies.delete(name);
        changed.push(`${kind} ${name} removed`);
      }
      return Promise.resolve();
    },
  };
  const node = { name: 'one', ip: '10.0.0.1', ips: ['10.0.0.1'], role: 'worker', schedulable: true };
  const cluster = { kube, info: { nodes: [node] } } as unknown as Cluster;
  return { there, policies, objects, changed, cluster };
}

const agentOf = ({ name, namespace }: AgentPodSpec) =>
  ({ name, namespace, node: 'one', ip: '10.1.0.1', ips: ['10.1.0.1'] }) as Partial<Agent> as Agent;

/** `hung`: pods never start; who waits for them gives up when he is told that the run is over. */
async function openedWorld({ whole = 1, small = 0, known = false, hung = false, wanted = {} } = {}) {
  const { cluster, ...seen } = fakeCluster();
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => undefined);
  const world = await openWorld({
    cluster,
    driver: {
      start: (specs) => {
        for (const { name, namespace, labels } of specs) {
          seen.objects.push({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { ...labels } } });
        }
        return hung ? over.promise : Promise.resolve(specs.map(agentOf));
      },
      adopt: () => Promise.reject(new Error('nothing to adopt')),
      template: () => Promise.reject(new Error('no template')),
    },
    runId: 'r-000001',
    stateDir: '',
    timeouts: Timeouts.parse({}),
    grids: { whole, small },
    wanted: { fleet: true, onGrids: 0, ...wanted },
    stopStarting: () => over.reject(new Error('the run is over')),
    knownFailure: () => known,
    emit: () => undefined,
  });
  const run = () => Promise.resolve();
  const one = defineCase({ id: 'networkpolicy-x', title: 'x', area: 'networkpolicy', world: 'grid', run });
  const open = (waits = false) => world.openContext({ ...one, waits }, new AbortController().signal);
  return { ...seen, world, cluster, open };
}

async function openedWithGrid() {
  const { open, ...rest } = await openedWorld();
  const opened = await open();
  await opened.ctx.grid({ proven: false });
  await opened.close(true);
  return rest;
}

const realX = (grid: Grid) => grid.namespaces.get('x') ?? '';

/** `holder` does some work on the world's only grid and passes; `apply` is such work. */
async function openedForHolders() {
  const { open, ...rest } = await openedWorld();
  const holder = async (work: (grid: Grid, kube: Kube) => Promise<void>) => {
    const opened = await open();
    await work(await opened.ctx.grid({ proven: false }), opened.ctx.kube);
    await opened.close(true);
  };
  const apply = (name: string) => async (grid: Grid, kube: Kube) => {
    const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    await kube.apply({ ...kind, metadata: { name, namespace: realX(grid) } });
  };
  return { ...rest, holder, apply };
}

describe('a world', () => {
  it('takes fleet and grids down', async () => {
    const { there, world } = await openedWithGrid();
    expect(there.size).to.equal(5);
    await world.close();
    expect([...there]).to.deep.equal([]);
  });

  it('takes down a grid that was still starting when the run ended', async () => {
    const { there, world } = await openedWorld({ hung: true, wanted: { fleet: false, onGrids: 1 } });
    await new Promise(setImmediate);
    expect(there.size).to.equal(3);
    await world.close();
    expect([...there]).to.deep.equal([]);
  });

  it('has no fleet where no case asks for one, and says so to a case that does all the same', async () => {
    const { there, open } = await openedWorld({ wanted: { fleet: false } });
    expect([...there]).to.deep.equal([]);
    const { ctx } = await open();
    expect(() => ctx.fleet).to.throw('networkpolicy-x asks for the standing fleet');
  });

  it('that keeps its grids takes the fleet down, whose ports on the nodes the next run needs', async () => {
    const { there, world } = await openedWithGrid();
    await world.close({ keepGrids: true });
    expect([...there].map((name) => name.replace(/^.*-grid-/, ''))).to.deep.equal(['x', 'y', 'z']);
  });

  it('leaves policies of a case for the next holder of its grid to sweep, and none in a grid that is kept', async () => {
    const { policies, world, holder, apply } = await openedForHolders();
    await holder(apply('first'));
    await holder(apply('second'));
    expect([...policies.keys()]).to.deep.equal(['first', 'second']);
    await holder((grid) => grid.sweep(new Set([`${realX(grid)}/second`])));
    expect([...policies.keys()]).to.deep.equal(['second']);
    await world.close({ keepGrids: true });
    expect([...policies.keys()]).to.deep.equal([]);
  });

  it('leaves labels of a case too, tells the next holder, and puts them back once policies are gone', async () => {
    const { changed, holder, apply } = await openedForHolders();
    await holder(async (grid, kube) => {
      const labels = { admitted: 'yes', removable: null };
      await kube.patch({ apiVersion: 'v1', kind: 'Namespace', name: realX(grid) }, { metadata: { labels } });
      await apply('mine')(grid, kube);
    });
    changed.length = 0;
    await holder(async (grid) => {
      expect(grid.labels('x')).to.include({ ns: 'x', admitted: 'yes' }).and.not.have.property('removable');
      expect(grid.labels('x/a')).to.include({ pod: 'a', removable: 'yes' });
      await grid.relabel();
      expect(changed).to.deep.equal(['NetworkPolicy mine removed', `Namespace ${realX(grid)}`]);
      expect(grid.labels('x')).to.include({ removable: 'yes' }).and.not.have.property('admitted');
    });
    await holder((grid) => Promise.resolve(void expect(grid.labels('x')).to.include({ removable: 'yes' })));
  });

  it('lends cases that wait grids of their own, smaller ones, where there are any', async () => {
    const podsOf = async (small: number, waits: boolean) => {
      const { open } = await openedWorld({ small });
      const { ctx } = await open(waits);
      return (await ctx.grid({ proven: false })).pods.map(({ key }) => key);
    };
    expect(await podsOf(1, true)).to.deep.equal(['x/a', 'x/b', 'y/a', 'z/a']);
    expect(await podsOf(1, false)).to.have.length(9);
    expect(await podsOf(0, true)).to.have.length(9);
  });

  it('starts no second grid for so few cases that the first is done with them sooner', async () => {
    const namespacesFor = async (onGrids: number) => {
      const { there, open } = await openedWorld({ whole: 2, wanted: { fleet: false, onGrids } });
      for (const { ctx } of [await open(), await open()]) void ctx.grid({ proven: false });
      await new Promise(setImmediate);
      return there.size;
    };
    expect(await namespacesFor(4)).to.equal(3);
    expect(await namespacesFor(5)).to.equal(6);
  });

  it('lends the grid of a known failure again as it is: nobody asks its agents whether it is open', async () => {
    const { open } = await openedWorld({ known: true });
    const first = await open();
    const grid = await first.ctx.grid({ proven: false });
    await first.close(false);
    const second = await open();
    expect(await second.ctx.grid({ proven: false })).to.equal(grid);
  });
});
