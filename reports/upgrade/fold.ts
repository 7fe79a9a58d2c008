import type { RunRecord, UpgradeEvent } from '../../harness/events/record.ts';
import type { Lane, Path, Seen, Span, UpgradeReport, Window } from './model.ts';

type Of<T extends UpgradeEvent['type']> = Extract<UpgradeEvent, { type: T }>;

/** Returns what a log says of an upgrade: nothing is judged anew. */
export function upgradeReport(run: RunRecord): UpgradeReport {
  const verdict = ofType(run, 'upgrade.verdict').at(-1);
  const cluster = run.environment?.cluster;
  return {
    ...{ version: 1, runId: run.runId, ordeal: run.ordeal, startedAt: run.startedAt, endedAt: run.endedAt },
    title: run.cases.find(({ id }) => id === 'upgrade')?.title ?? 'Upgrade',
    ...(cluster === undefined ? {} : { cluster: shortCluster(cluster) }),
    ...(verdict === undefined ? {} : { verdict: verdict.verdict }),
    reasons: verdict?.reasons ?? ['the log ends before the verdict'],
    budgets: verdict?.budgets ?? {},
    ...(verdict?.conformance === undefined ? {} : { conformance: verdict.conformance }),
    findings: ofType(run, 'finding').map(({ check, severity, object, what, remedy }) => {
      return { check, severity, object, what, remedy };
    }),
    spans: [...phases(run), ...spansOf(run)],
    paths: pathsOf(run),
  };
}

function shortCluster({ name, kubernetes, cni, cniVersion, nodes }: NonNullable<RunRecord['environment']>['cluster']) {
  return { name, kubernetes, cni, cniVersion, nodes: nodes.length };
}

function ofType<T extends UpgradeEvent['type']>(run: RunRecord, type: T): Of<T>[] {
  return run.upgrade.filter((event): event is Of<T> => event.type === type);
}

function phases({ phases: edges, endedAt }: RunRecord): Span[] {
  return edges.flatMap(({ phase, title, edge, at }) => {
    if (edge === 'ended') return [];
    const end = edges.find((one) => one.phase === phase && one.edge === 'ended' && one.at >= at)?.at ?? endedAt;
    return [{ kind: 'phase' as const, title, from: at, ms: Date.parse(end) - Date.parse(at) }];
  });
}

function spansOf(run: RunRecord): Span[] {
  return ofType(run, 'span').map(({ kind, title, from, ms }) => ({ kind, title, from, ms }));
}

function pathsOf(run: RunRecord): Path[] {
  const lanes = ofType(run, 'lane');
  const windows = Map.groupBy(ofType(run, 'window'), ({ lane }) => lane);
  const seen = Map.groupBy(ofType(run, 'lane.seen'), ({ lane }) => lane);
  const ways = Map.groupBy(lanes, ({ class: pathClass, from, to }) => `${pathClass}\n${from}\n${to}`);
  return [...ways.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { class: pathClass, from, to, expected } = first;
    const judged = run.cases.find(({ id, variant }) => id === `upgrade-${pathClass}` && variant === `${from} -> ${to}`);
    const outcome = judged?.result?.outcome;
    return [
      {
        ...{ class: pathClass, from, to, expected, reason: judged?.result?.reason ?? '' },
        ...(outcome === undefined ? {} : { outcome }),
        lanes: members.map((lane) => laneOf(lane, windows.get(lane.lane) ?? [], seen.get(lane.lane) ?? [])),
      },
    ];
  });
}

function laneOf(
  { transport, connections, everyMs }: Of<'lane'>,
  windows: readonly Of<'window'>[],
  seen: readonly Of<'lane.seen'>[],
): Lane {
  const stretch = (wanted: 'before' | 'during'): Seen | undefined => {
    const found = seen.find((one) => one.stretch === wanted);
    if (found === undefined) return undefined;
    const { attempts, failed, lost, cuts, meanMs, maxMs } = found;
    return {
      attempts,
      failed,
      lost,
      cuts,
      ...(meanMs === undefined ? {} : { meanMs }),
      ...(maxMs === undefined ? {} : { maxMs }),
    };
  };
  const [before, during] = [stretch('before'), stretch('during')];
  return {
    ...{ transport, connections, everyMs },
    ...(before === undefined ? {} : { before }),
    ...(during === undefined ? {} : { during }),
    windows: windows.map(({ kind, from, ms, attempts, recovered, classes }): Window => {
      return { kind, from, ms, attempts, recovered, classes };
    }),
  };
}
