import type { Agent } from '../probe/agent-types.ts';
import type { ClusterModel } from '../oracle/model-types.ts';
import { cellKey, measureMatrix, type MatrixTarget } from './matrix.ts';
import type { Verdict } from '../probe/types.ts';
import { describeEnd } from '../oracle/ends.ts';
import { placeOf } from './compare-tables.ts';
import type { Attempt, Destination } from '../oracle/types.ts';

/**
 * Returns what the network did with each attempt, in their order. `agents` are the probe pods by key (`x/a`); an
 * attempt whose source has none, or whose destination has no address, is `inconclusive`. Never throws.
 */
export async function measureAttempts(
  model: ClusterModel,
  agents: ReadonlyMap<string, Agent>,
  attempts: readonly Attempt[],
  options: { readonly timeoutMs: number; readonly ours?: boolean },
): Promise<Verdict[]> {
  const keys = attempts.map((attempt) => cellKey(placeOf(attempt)));
  const wanted = new Set(keys);
  const sources = [...agents].map(([key, agent]) => ({ key, agent }));
  const skip = (place: Parameters<typeof cellKey>[0]) => !wanted.has(cellKey(place));
  const { cells } = await measureMatrix(sources, targetsOf(model, attempts), { ...options, skip });
  return keys.map((key) => cells.get(key)?.result.verdict ?? 'inconclusive');
}

function targetsOf(model: ClusterModel, attempts: readonly Attempt[]): MatrixTarget[] {
  const targets = new Map<string, MatrixTarget>();
  for (const { to, port, protocol } of attempts) {
    const host = hostOf(model, to);
    const key = describeEnd(to);
    if (host !== undefined) targets.set(`${key} ${protocol} ${port}`, { key, host, port, protocol });
  }
  return [...targets.values()];
}

function hostOf(model: ClusterModel, to: Destination): string | undefined {
  if (to.ip !== undefined) return to.ip;
  if (to.kind === 'node') return model.nodes.find((it) => it.name === to.name)?.ips[0];
  if (to.kind === 'external') return undefined;
  const called = (it: { namespace: string; name: string }) => it.namespace === to.namespace && it.name === to.name;
  return to.kind === 'pod' ? model.pods.find(called)?.ips[0] : model.services.find(called)?.clusterIPs[0];
}
