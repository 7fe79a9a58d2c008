import type { Agent } from '../probe/agent-types.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import { expect } from 'chai';
import type { KubeObject } from '../kube/types.ts';
import { compareTables } from '../table/compare-tables.ts';
import { allPairs } from '../oracle/all-pairs.ts';
import { gridModel } from '../oracle/grid-model.test-support.ts';
import { truthTable } from '../oracle/judge.ts';
import { policy } from '../oracle/testing.test-support.ts';
import type { ClusterModel } from '../oracle/model-types.ts';
import type { ProbeResult, Verdict } from '../probe/types.ts';
import { Timeouts } from '../base/timeouts.ts';
import { measureOn } from './live-measure.ts';

describe('fuzz: measuring on a live grid', () => {
  const base = gridModel({ namespaces: ['x', 'y'], pods: ['a'], ports: [80], protocols: ['TCP'] });
  const deny = policy('x/p1', '{podSelector: {}}');
  const under = (...networkPolicies: NetworkPolicy[]): ClusterModel => ({ ...base, networkPolicies });

  /** Agents that enforce `seen` policies; the cluster is `slow` rounds behind. */
  function cluster(slow: number) {
    const log: string[] = [];
    let rounds = 0;
    let now: ClusterModel = base;
    const agentOf = (key: string): Agent => {
      const probe = (probes: readonly { host?: string }[]): Promise<ProbeResult[]> => {
        if (key === 'x/a') rounds += 1;
        const { cells } = truthTable(rounds > slow ? now : base, allPairs(now));
        const own = cells.filter((cell) => cell.from.kind === 'pod' && `${cell.from.namespace}/a` === key);
        const verdicts = new Map(own.map((cell) => [ipOf(cell.to), cell.verdict as Verdict]));
        return Promise.resolve(
          probes.map(({ host = '' }) => ({ verdict: verdicts.get(host) ?? 'inconclusive', elapsedUs: 1 })),
        );
      };
      return { probe } as Partial<Agent> as Agent;
    };
    const ipOf = (to: { kind: string; namespace?: string }) =>
      base.pods.find((pod) => pod.namespace === to.namespace)?.ips[0] ?? '';
    const kube = {
      apply: <T extends KubeObject>(object: T) => {
        log.push(`apply ${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`);
        return Promise.resolve(object);
      },
      remove: (ref: { namespace?: string; name: string }) => {
        log.push(`remove ${ref.namespace ?? ''}/${ref.name}`);
        return Promise.resolve();
      },
    };
    const timeouts = Timeouts.parse({ settleMs: 200 });
    const grid = {
      agents: new Map(['x/a', 'y/a'].map((key) => [key, agentOf(key)])),
      namespaces: new Map([
        ['x', 'real-x'],
        ['y', 'real-y'],
      ]),
    };
    const measure = measureOn(grid, { kube, runId: 'r', timeouts, signal: new AbortController().signal });
    const run = async (world: ClusterModel) => {
      now = world;
      const attempts = allPairs(world);
      const { cells } = truthTable(world, attempts);
      const agrees = (measured: readonly Verdict[]) => compareTables(cells, measured).differing.length === 0;
      return { agreed: agrees(await measure(world, attempts, { agrees, phase: 'search' })), rounds };
    };
    return { run, log };
  }

  it('applies by real names, asks until two tables in a row agree, then removes what is no longer wanted', async () => {
    const { run, log } = cluster(3);
    expect(await run(under(deny))).to.deep.equal({ agreed: true, rounds: 5 });
    expect((await run(under())).agreed).to.equal(true);
    expect(log).to.deep.equal(['apply real-x/p1', 'remove real-x/p1']);
  });

  it('does not apply again what is in force', async () => {
    const { run, log } = cluster(0);
    await run(under(deny));
    await run(under(deny));
    expect(log).to.deep.equal(['apply real-x/p1']);
  });

  it('returns the disagreement once the deadline has passed', async () => {
    expect((await cluster(Infinity).run(under(deny))).agreed).to.equal(false);
  });
});
