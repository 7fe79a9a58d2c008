import { z } from 'zod';
import type { NodeExec } from '../../node/types.ts';
import type { FaultTarget } from '../driver.ts';
import type { NodeAct } from '../types.ts';
import type { PacketFilter } from './filter.ts';
import { fitsNetem, hasNetem, netemAct } from './netem.ts';
import { pathTo, type SeenPath } from './path.ts';
import { queueAct } from './queue.ts';
import { findVictims, nodeAccess, type Pods, type Victim } from './victims.ts';

export const Percent = z.number().positive().max(100);

/** What packet faults of pods have in common. */
export interface PodScene {
  readonly exec: NodeExec;
  readonly victims: readonly Victim[];
  /** For titles. */
  readonly names: string;
  /** One to each pod; absent where nobody here could see what the filter matches. */
  readonly paths: readonly SeenPath[] | undefined;
  /** Whether netem does it: every node has it, and the filter leaves it the whole device. */
  readonly netem: boolean;
}

/** Looks at the pods and from where they can be seen. @throws OrdealError USAGE, FAULT for pods a fault cannot act on. */
export async function onPods(
  target: FaultTarget,
  driver: string,
  params: PacketFilter & { readonly pods: z.infer<typeof Pods> },
): Promise<PodScene> {
  const exec = nodeAccess(target, driver);
  const victims = await findVictims(target, driver, params.pods);
  const found = await Promise.all(victims.map((victim) => pathTo(target, exec, victim, params)));
  const paths = found.flatMap((path) => path ?? []);
  const nodes = [...new Set(victims.map(({ node }) => node))];
  const netem = fitsNetem(params) && (await Promise.all(nodes.map((node) => hasNetem(exec, node)))).every(Boolean);
  return { exec, victims, names: namesOf(victims), paths: paths.length === victims.length ? paths : undefined, netem };
}

const mostNames = 3;

/** Returns the pods in a reader's words: the first few by name. */
export function namesOf(victims: readonly Victim[]): string {
  const names = victims.slice(0, mostNames).map(({ namespace, name }) => `${namespace}/${name}`);
  return victims.length > mostNames
    ? `${names.join(', ')} and ${victims.length - mostNames} more pods`
    : names.join(', ');
}

/** Returns acts by netem where it serves, else by the program on a queue, and the way taken. */
export function netemOrQueue(
  { victims, netem }: PodScene,
  filter: PacketFilter,
  words: { readonly netem: string; readonly queue: readonly string[] },
): { readonly way: string; readonly acts: (id: string) => NodeAct[] } {
  if (netem) return { way: 'netem', acts: (id) => victims.map((victim) => netemAct(id, victim, words.netem)) };
  const queued = { filter, words: words.queue };
  return { way: 'NFQUEUE program', acts: (id) => victims.map((victim, at) => queueAct(id, at, victim, queued)) };
}
