import { z } from 'zod';
import type { ScenarioFault } from './scenario.ts';

/** Which pods an experiment is about. */
export const Selector = z.looseObject({
  namespaces: z.array(z.string()).optional(),
  labelSelectors: z.record(z.string(), z.string()).optional(),
});
/** The pods at the other end. */
export const Target = z.looseObject({ mode: z.string().optional(), selector: Selector.default({}) });
/** What of an experiment says which pods it is about. */
interface Chosen {
  readonly mode: string;
  readonly value?: string | undefined;
  readonly selector: z.infer<typeof Selector>;
  readonly target?: z.infer<typeof Target> | undefined;
  readonly externalTargets?: readonly string[] | undefined;
}

/** Returns NAMESPACE:LABELS for each namespace of a selector; the experiment's own where it names none. */
export function targetsOf(own: string, { selector }: Pick<Chosen, 'selector'>): string[] {
  const labels = Object.entries(selector.labelSelectors ?? {}).map(([key, value]) => `${key}=${value}`);
  return (selector.namespaces ?? [own]).map((namespace) => `${namespace}:${labels.join(',')}`);
}

/** Returns how many of the pods are hit, by `mode` and `value`; all where a scenario cannot say it. */
export function pickOf({ mode, value }: Chosen): ScenarioFault['pick'] {
  const number = Number(value);
  if (mode === 'one') return 'one';
  if (mode === 'fixed' && number >= 1) return { count: number };
  if (mode === 'fixed-percent' && number > 0) return { percent: number };
  return 'all';
}

/** Whether all pods of one namespace, by labels, are the other end: what a scenario can say. */
export const isWhole = ({ mode = 'all', selector }: z.infer<typeof Target>) =>
  mode === 'all' && (selector.namespaces ?? []).length < 2 && Object.keys(selector).every((key) => known.includes(key));
/** Fields of a selector that can be read. */
export const known: readonly string[] = ['namespaces', 'labelSelectors'];

/** Returns the other end of a fault that has one. */
export function peersOf(own: string, { target, externalTargets }: Chosen, fault: string): { readonly peers?: string } {
  if (target === undefined || fault === 'bandwidth' || externalTargets !== undefined || !isWhole(target)) return {};
  return { peers: targetsOf(own, target)[0] ?? '' };
}
