import { canaryPorts, type TablePort, tablePorts } from './grid-layout.ts';
import { isolates } from '../oracle/network-policy.ts';
import { compileSelector } from '../oracle/selector.ts';
import type { NetworkPolicy } from '../kube/network-policy.ts';
import { type Direction, directions, everything, policy } from './build.ts';
import type { GridState, TrackedPod } from './state.ts';
import { PolicyTable } from './table.ts';
import type { NamespaceKey, PolicyTemplate } from './types.ts';
import { changedCells } from './watch.ts';

/** Policies that tell whether those before them are in force, by cells that are one thing without and another with. */
export interface Canaries {
  readonly policies: readonly PolicyTemplate[];
  readonly without: PolicyTable;
  readonly with: PolicyTable;
  readonly cells: ReadonlySet<string>;
}

const keys: readonly NamespaceKey[] = ['z', 'y', 'x'];
const dnsPorts = (['UDP', 'TCP'] as const).map((protocol) => ({ port: 53, protocol }));
const turned = <T>(all: readonly T[], turn: number) => all.filter((_, index) => index === turn % all.length);

/**
 * Returns the canaries of a grid's `turn`th time, in every namespace that has policies: one that opens a port no table
 * asks about, to the very pods a policy is about, in the directions it isolates them in. Their isolation stays as it
 * is, for which Cilium would verify all programs of a pod anew. Where that tells nothing of some pod, since all is
 * admitted to it, one that closes a port, in the direction the policies there leave alone. Empty where every namespace
 * is isolated both ways and admits everything.
 */
export function canariesOf(state: GridState, turn: number): Canaries {
  const chosen = chosenIn(state, turn);
  const policies = chosen.length > 0 ? chosen : keys.flatMap((key) => closingsIn(state, key, turn)).slice(0, 1);
  const tables = tablesOf(state, [...turned(canaryPorts, turn), ...turned(tablePorts, turn)], policies);
  const cells = [...cellsShowing(tables).values()].map((of, index) => of[index % of.length] ?? '');
  return { policies: cells.length > 0 ? policies : [], ...tables, cells: new Set(cells) };
}

/** Openings where together they tell of all pods, since a path may be closed at both ends; else what tells by itself. */
function chosenIn(state: GridState, turn: number): PolicyTemplate[] {
  const open = turned(canaryPorts, turn);
  const near = keys.filter((key) => policiesIn(state, key).length > 0);
  const together = near.flatMap((key) => openingsIn(state, key, open));
  if (showsAll(state, near, open, together)) return together;
  return near.flatMap((key) => {
    const alone = openingsIn(state, key, open);
    return showsAll(state, [key], open, alone) ? alone : closingsIn(state, key, turn);
  });
}

/** Whether these openings tell of every pod that policies of the namespaces are about, and they of some in each. */
function showsAll(
  state: GridState,
  namespaces: readonly NamespaceKey[],
  open: readonly TablePort[],
  openings: readonly PolicyTemplate[],
): boolean {
  const shown = cellsShowing(tablesOf(state, open, openings));
  const abouts = namespaces.map((key) => podsAbout(state, key));
  return abouts.every((about) => about.length > 0 && about.every((pod) => shown.has(pod)));
}

type Tables = Pick<Canaries, 'without' | 'with'>;

function tablesOf(state: GridState, ports: readonly TablePort[], policies: readonly PolicyTemplate[]): Tables {
  const coming = policies.map((one) => state.render(one));
  const table = (more: object) => new PolicyTable(state, { ports, services: false, ...more });
  return { without: table({}), with: table({ coming }) };
}

/** Returns the cells that tell of each pod: they change, and it is this pod that denies them before or after. */
function cellsShowing(tables: Tables): ReadonlyMap<TrackedPod, readonly string[]> {
  const deniers = new Map([...tables.without.deniers(), ...tables.with.deniers()]);
  const changed = changedCells(tables.without.verdicts(), tables.with.verdicts());
  const pairs = changed.flatMap((cell) => (deniers.get(cell) ?? []).map((pod) => ({ pod, cell })));
  return new Map([...Map.groupBy(pairs, ({ pod }) => pod)].map(([pod, of]) => [pod, of.map(({ cell }) => cell)]));
}

/** One for each set of pods that policies of the namespace select. */
function openingsIn(state: GridState, namespace: NamespaceKey, ports: readonly TablePort[]): PolicyTemplate[] {
  const alike = Map.groupBy(policiesIn(state, namespace), ({ spec }) => JSON.stringify(spec.podSelector ?? everything));
  return [...alike.values()].map((policies, index) => {
    const isolated = directions.filter((direction) => policies.some((one) => isolates(one, direction)));
    const rules = Object.fromEntries(isolated.map((direction) => [direction, [{ ports: [...ports] }]]));
    return policy(namespace, `canary-${index}`, policies[0]?.spec.podSelector ?? everything, rules);
  });
}

/** At most one: it admits every port but one, what openings elsewhere open, and names can be resolved. */
function closingsIn(state: GridState, namespace: NamespaceKey, turn: number): PolicyTemplate[] {
  const there = policiesIn(state, namespace);
  const direction = directions.find((one) => !there.some((policy) => speaksOf(policy, one)));
  if (direction === undefined) return [];
  const [closed] = turned(tablePorts, turn);
  const ports = [...tablePorts.filter((port) => port !== closed), ...canaryPorts];
  const rule = { ports: direction === 'egress' ? [...ports, ...dnsPorts] : ports };
  return [policy(namespace, 'canary', targetOf(state, namespace), { [direction]: [rule] })];
}

/** The pods that policies are about, where one selector names them; else all. */
function targetOf(state: GridState, namespace: NamespaceKey) {
  const selectors = policiesIn(state, namespace).map(({ spec }) => spec.podSelector ?? everything);
  const one = new Set(selectors.map((selector) => JSON.stringify(selector))).size === 1;
  return one && podsAbout(state, namespace).length > 0 ? (selectors[0] ?? everything) : everything;
}

function podsAbout(state: GridState, namespace: NamespaceKey): TrackedPod[] {
  const selects = policiesIn(state, namespace).map(({ spec }) => compileSelector(spec.podSelector ?? everything));
  return state.pods.filter((pod) => pod.namespaceKey === namespace && selects.some((test) => test(pod.labels)));
}

function policiesIn(state: GridState, key: NamespaceKey): readonly NetworkPolicy[] {
  const real = state.real(key);
  return [...state.policies.values()].filter((one) => one.metadata.namespace === real);
}

/** A section that policyTypes leave out counts too: some CNIs enforce it. */
function speaksOf(policy: NetworkPolicy, direction: Direction): boolean {
  return policy.spec[direction] !== undefined || isolates(policy, direction);
}
