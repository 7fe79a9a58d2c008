import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { FakeDocker, type Scripted } from './fake-docker.test-support.ts';
import { reserveCluster, ownedClusters, removeCluster, requireFreeName } from './ownership.ts';
import { sweep } from './sweep.ts';
import { useCluster } from './users.ts';

async function thrown(work: Promise<unknown>): Promise<OrdealError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).instanceOf(OrdealError);
  return error as OrdealError;
}

/** One network of ours, made by a process that is no more, or by one with this id and an unlikely start. */
const claim = (name: string, owner = '999999999.1') => {
  const labels = { 'ordeal.dev/cluster': name, 'ordeal.dev/run': `run-${name}`, 'ordeal.dev/owner': owner };
  return `${JSON.stringify(labels)} ordeal-${name}\n`;
};
const nothingThere: Scripted[] = [{ when: '"network ls"*' }, { when: '"ps "*' }];
const ours: Scripted[] = [
  { when: '"network ls"*', out: 'id1\n' },
  { when: '"network inspect"*', out: claim('dead') },
];

describe('ownership of kind clusters', () => {
  const docker = new FakeDocker();
  afterEach(() => docker.uninstall());

  it('claims a free name with a labelled network before anything else exists', async () => {
    await docker.install([...nothingThere, { when: '"network create"*' }]);
    const owned = await reserveCluster({ name: 'a', runId: 'r1', kept: true, dualStack: false });
    expect(owned).include({ name: 'a', network: 'ordeal-a', runId: 'r1', kept: true });
    const create = (await docker.calls()).find((call) => call.startsWith('network create'));
    expect(create).include('app.kubernetes.io/managed-by=ordeal').and.include('ordeal.dev/run=r1');
    expect(create).not.include('--ipv6');
  });

  it('gives a dual-stack cluster a range of its own', async () => {
    await docker.install([...nothingThere, { when: '"network create"*' }]);
    await reserveCluster({ name: 'a', runId: 'r1', kept: false, dualStack: true });
    expect((await docker.calls()).at(-1)).match(/--ipv6 --subnet fd[0-9a-f:]+\/64/);
  });

  it('refuses the name of a cluster that is not ours, and touches nothing', async () => {
    await docker.install([{ when: '"ps "*', out: 'abc\n' }, { when: '"network ls"*' }]);
    const error = await thrown(requireFreeName('theirs'));
    expect(error.code).equal('USAGE');
    expect(error.message).include('theirs').and.include('not ours');
    expect((await docker.calls()).every((call) => /^(ps|network ls)/.test(call))).equal(true);
  });

  it('says who holds a name of ours', async () => {
    await docker.install([{ when: '"ps "*' }, ...ours]);
    expect((await thrown(requireFreeName('dead'))).message).include('an earlier Ordeal left it');
  });

  it('takes a lost race for a taken name', async () => {
    const lost = { when: '"network create"*', err: 'network with name ordeal-a already exists', code: 1 };
    await docker.install([...nothingThere, lost]);
    const error = await thrown(reserveCluster({ name: 'a', runId: 'r', kept: false, dualStack: false }));
    expect(error.code).equal('USAGE');
  });

  it('tells a process from a later one with the same id', async () => {
    const networks = claim('mine', `${process.pid}.1`) + claim('dead');
    await docker.install([
      { when: '"network ls"*', out: 'a\nb\n' },
      { when: '"network inspect"*', out: networks },
    ]);
    expect((await ownedClusters()).map(({ name, ownerAlive }) => [name, ownerAlive])).deep.equal([
      ['mine', false],
      ['dead', false],
    ]);
  });

  it('removes the containers on our network, kind’s nodes and what we put beside them, then the network', async () => {
    const mine = '"ps --all --quiet --no-trunc --filter label=io.x-k8s.kind.cluster=dead --filter network=ordeal-dead"';
    const beside =
      '"ps --all --quiet --no-trunc --filter label=app.kubernetes.io/managed-by=ordeal --filter network=ordeal-dead"';
    const found = [
      { when: mine, out: 'c1\nc2\n' },
      { when: beside, out: 'c3\n' },
    ];
    await docker.install([...ours, ...found, { when: '"rm "*' }, { when: '"network rm"*' }]);
    await sweep({ timeoutMs: 1_000 });
    const calls = await docker.calls();
    expect(calls).include('rm --force --volumes c1 c2 c3').and.include('network rm ordeal-dead');
  });

  it('names what Docker will not let go', async () => {
    const busy = { when: '"network rm"*', err: 'network has active endpoints', code: 1 };
    await docker.install([{ when: '"ps "*' }, busy]);
    const cluster = { name: 'a', network: 'ordeal-a', runId: 'r', ownerAlive: false, kept: false };
    const error = await thrown(removeCluster(cluster, 50));
    expect(error.message).include('cluster a').and.include('active endpoints');
  });

  it('leaves alone what a running process owns, unless forced', async () => {
    await docker.install([...nothingThere, { when: '"network create"*' }]);
    await reserveCluster({ name: 'a', runId: 'r', kept: false, dualStack: false });
    const owner = /ordeal\.dev\/owner=(\S+)/.exec((await docker.calls()).at(-1) ?? '')?.[1] ?? '';
    await docker.uninstall();
    const network = [
      { when: '"network ls"*', out: 'id\n' },
      { when: '"network inspect"*', out: claim('a', owner) },
    ];
    await docker.install([...network, { when: '"ps "*' }, { when: '"network rm"*' }]);
    expect(await sweep({ timeoutMs: 1_000 }))
      .property('inUse')
      .length(1);
    expect((await docker.calls()).some((call) => call.startsWith('network rm'))).equal(false);
    expect(await sweep({ timeoutMs: 1_000, force: true }))
      .property('removed')
      .length(1);
  });

  it('leaves alone what a run reuses, unless forced', async () => {
    const before = process.env['XDG_CACHE_HOME'];
    const cache = await mkdtemp(join(tmpdir(), 'ordeal-cache-'));
    process.env['XDG_CACHE_HOME'] = cache;
    try {
      await docker.install([...ours, { when: '"ps "*' }, { when: '"network rm"*' }]);
      const release = await useCluster('dead', 'r2');
      expect(await sweep({ timeoutMs: 1_000 })).to.have.nested.property('inUse[0].name', 'dead');
      expect((await sweep({ timeoutMs: 1_000, force: true })).removed).to.have.length(1);
      await release();
      expect((await sweep({ timeoutMs: 1_000 })).removed).to.have.length(1);
    } finally {
      if (before === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = before;
      await rm(cache, { recursive: true });
    }
  });
});
