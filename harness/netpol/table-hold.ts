import type { CaseContext } from '../case/types.ts';
import { loopbackLike } from '../base/cidr.ts';
import { fulfils } from '../table/fulfils.ts';
import { holdForCase } from '../table/confirm-hold.ts';
import { describePower, holdLooks, type Look } from '../table/hold.ts';
import { requireHeld } from '../table/require-held.ts';
import { freshProbe } from './fresh-probe.ts';
import type { GridState } from './state.ts';
import type { MeasuredCell, PolicyTable } from './table.ts';

/** What one look at a held table has seen. */
export interface TableLook {
  readonly cells: readonly MeasuredCell[];
  /** Pods (`x/a`) that reached their own loopback in the same look. */
  readonly awake: ReadonlySet<string>;
}

/**
 * Looks at a table that has settled `holdLooks` times, in a steady rhythm: no cell may relapse twice, and none that is
 * admitted in a second hold as well. Every cell is looked at in every look, so that a leak between two pods alone, or now
 * and then, is seen.
 * @throws AssertionError naming the cells; InconclusiveError where pods mostly did not reach even themselves.
 */
export async function holdTable(ctx: CaseContext, state: GridState, table: PolicyTable): Promise<void> {
  const wanted = [...table.verdicts()];
  const keysOf = (verdict: string) => new Set(wanted.filter(([, one]) => one === verdict).map(([key]) => key));
  const cells = { admitted: keysOf('open'), denied: keysOf('dropped') };
  const { holdEveryMs: everyMs } = ctx.timeouts;
  ctx.parameter('detection power', describePower(holdLooks));
  ctx.parameter('cells held', `${cells.denied.size} denied, ${cells.admitted.size} admitted`);
  const look = (only?: ReadonlySet<string>) => lookAt(ctx, { state, table, ...restrict(cells, only) });
  const { held, first } = await holdForCase(ctx, {
    title: `table held for ${holdLooks} looks`,
    labels: { looks: String(holdLooks) },
    ...{ looks: holdLooks, everyMs, look },
  });
  const leaks = [...first.relapses].filter(([key]) => cells.denied.has(key));
  const all = { ...held, relapses: new Map([...leaks, ...held.relapses]) };
  requireHeld('the table was as the policies say', 'cell(s)', all);
}

interface Cells {
  readonly admitted: ReadonlySet<string>;
  readonly denied: ReadonlySet<string>;
}

/** A leak needs no second hold: nothing but the network lets a packet through. */
function restrict({ admitted, denied }: Cells, only: ReadonlySet<string> | undefined): Cells {
  if (only === undefined) return { admitted, denied };
  return { admitted: new Set([...admitted].filter((key) => only.has(key))), denied: new Set() };
}

async function lookAt(
  { timeouts }: CaseContext,
  { state, table, admitted, denied }: Cells & { readonly state: GridState; readonly table: PolicyTable },
): Promise<Look> {
  const { holdProbeMs, policyConnectMs } = timeouts;
  const [shut, open, awake] = await Promise.all([
    table.measure(policyConnectMs, denied),
    table.measure(holdProbeMs, admitted, freshProbe),
    podsAwake(state, holdProbeMs),
  ]);
  return judgeLook({ cells: [...shut, ...open], awake });
}

/**
 * Returns what speaks against the policies. A packet through a path that is denied has no excuse; one that does not get
 * through where it is admitted has one, if either pod did not reach itself.
 */
export function judgeLook({ cells, awake }: TableLook): Look {
  const wrong = new Map<string, string>();
  const excused = new Set<string>();
  for (const cell of cells) {
    const { key, from, to, expected, measured } = cell;
    if (measured.verdict === 'inconclusive') excused.add(key);
    else if (fulfils(expected, measured.verdict)) continue;
    else if (measured.verdict === 'open' || [from, podOf(to)].every((pod) => awake.has(pod))) {
      wrong.set(key, `measured ${measured.verdict}, expected ${expected.reason.text}`);
    } else excused.add(key);
  }
  return { wrong, excused };
}

const podOf = (target: string) => target.replace(/^svc /, '');

async function podsAwake({ pods }: GridState, timeoutMs: number): Promise<ReadonlySet<string>> {
  const awake = pods.map(async ({ namespaceKey, name, agent }) => {
    const own = await agent.probe(
      ['TCP', 'UDP'].map((protocol) => freshProbe(loopbackLike(agent.ip), 80, protocol, timeoutMs)),
    );
    return own.every(({ verdict }) => verdict === 'open') ? [`${namespaceKey}/${name}`] : [];
  });
  return new Set((await Promise.all(awake)).flat());
}
