import { expect } from 'chai';
import { fakeKube } from '../cluster/fake-kube.test-support.ts';
import type { Cluster } from '../cluster/types.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import type { Agent, AgentPodSpec } from '../probe/types.ts';
import { Timeouts } from '../timeouts.ts';
import { defineCase } from './define-case.ts';
import { openWorld } from './world.ts';

/** A cluster of one node that remembers which namespaces are there; its agents answer nothing. */
function fakeCluster() {
  const there = new Set<string>();
  const kube: Kube = {
    ...fakeKube([]),
    apply: <T extends KubeObject>(object: T) => {
      if (object.kind === 'Namespace') there.add(object.metadata.name ?? '');
      return Promise.resolve(object);
    },
    until: () => Promise.resolve(undefined),
    patch: () => Promise.resolve({ apiVersion: 'v1', kind: 'Pod', metadata: {} }),
    remove: ({ kind, name }) => {
      if (kind === 'Namespace') there.delete(name);
      return Promise.resolve();
    },
  };
  const node = { name: 'one', ip: '10.0.0.1', ips: ['10.0.0.1'], role: 'worker', schedulable: true };
  const cluster = { kube, info: { nodes: [node] } } as unknown as Cluster;
  return { there, cluster };
}

const agentOf = ({ name, namespace }: AgentPodSpec) =>
  ({ name, namespace, node: 'one', ip: '10.1.0.1', ips: ['10.1.0.1'] }) as Partial<Agent> as Agent;

async function openedWithGrid() {
  const { there, cluster } = fakeCluster();
  const world = await openWorld({
    cluster,
    driver: {
      start: (specs) => Promise.resolve(specs.map(agentOf)),
      adopt: () => Promise.reject(new Error('nothing to adopt')),
      template: () => Promise.reject(new Error('no template')),
    },
    runId: 'r-000001',
    stateDir: '',
    timeouts: Timeouts.parse({}),
    grids: 1,
    knownFailure: () => false,
    emit: () => undefined,
  });
  const run = () => Promise.resolve();
  const one = defineCase({ id: 'networkpolicy-x', title: 'x', area: 'networkpolicy', world: 'grid', run });
  const opened = await world.openContext(one, new AbortController().signal);
  await opened.ctx.grid({ proven: false });
  await opened.close(true);
  return { there, world };
}

describe('a world', () => {
  it('takes fleet and grids down', async () => {
    const { there, world } = await openedWithGrid();
    expect(there.size).to.equal(5);
    await world.close();
    expect([...there]).to.deep.equal([]);
  });

  it('that keeps its grids takes the fleet down, whose ports on the nodes the next run needs', async () => {
    const { there, world } = await openedWithGrid();
    await world.close({ keepGrids: true });
    expect([...there].map((name) => name.replace(/^.*-grid-/, ''))).to.deep.equal(['x', 'y', 'z']);
  });
});
