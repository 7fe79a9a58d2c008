import type { ClusterModel, PodModel, ServicePort } from './model-types.ts';
import { OrdealError } from '../base/errors.ts';
import type { Attempt, Destination, Source } from './types.ts';

type Wire = Pick<Attempt, 'port' | 'protocol'>;

export interface AttemptChoice {
  /** Only pods of these namespaces; empty: all. */
  readonly namespaces?: readonly string[];
  /** Only these ports; empty: those each destination declares. */
  readonly wires?: readonly Wire[];
  /** Through Services instead of to pods. */
  readonly services?: boolean;
  /** Only these pods (`x/a`), as sources and as pod destinations; absent: all. */
  readonly pods?: ReadonlySet<string>;
}

/** The attempts of a table as its rows and columns: every source asks every question. */
export interface Questions {
  readonly sources: readonly Source[];
  readonly asked: readonly Omit<Attempt, 'from'>[];
}

/**
 * Returns the table over the model: every chosen pod to every chosen destination. @throws OrdealError USAGE when there is nothing to
 * ask: no such pod, or no port known.
 */
export function chooseQuestions(model: ClusterModel, choice: AttemptChoice): Questions {
  const { namespaces = [], pods: only } = choice;
  const inside = (namespace: string) => namespaces.length === 0 || namespaces.includes(namespace);
  const pods = model.pods.filter((pod) => inside(pod.namespace) && only?.has(`${pod.namespace}/${pod.name}`) !== false);
  if (pods.length === 0) throw new OrdealError('USAGE', 'no pod to ask about in this model', { remedy: known(model) });
  const ends = choice.services === true ? serviceEnds(model, inside) : pods.map(podEnd);
  const { wires = [] } = choice;
  const asked = ends.flatMap(({ to, declared }) =>
    (wires.length > 0 ? wires : declared).map((wire) => ({ to, ...wire })),
  );
  if (asked.length === 0) {
    const remedy = 'Give the ports to ask about: --port 80 --port 53/udp.';
    throw new OrdealError('USAGE', 'no destination declares a port', { remedy });
  }
  return { sources: pods.map(({ namespace, name }) => ({ kind: 'pod', namespace, name })), asked };
}

/** Returns the attempts of a table in row order. @throws OrdealError USAGE as `chooseQuestions` does. */
export function chooseAttempts(model: ClusterModel, choice: AttemptChoice): Attempt[] {
  const { sources, asked } = chooseQuestions(model, choice);
  return sources.flatMap((from) => asked.map((it) => ({ from, ...it })));
}

interface End {
  readonly to: Destination;
  readonly declared: readonly Wire[];
}

function podEnd({ namespace, name, containerPorts }: PodModel): End {
  return { to: { kind: 'pod', namespace, name }, declared: unique(containerPorts) };
}

/** Services that lead somewhere by an address of their own; of an ExternalName nothing but that is to be said. */
function serviceEnds(model: ClusterModel, inside: (namespace: string) => boolean): End[] {
  const routed = model.services.filter(
    (it) => inside(it.namespace) && (it.clusterIPs.length > 0 || it.externalName !== undefined),
  );
  return routed.map(({ namespace, name, ports }) => ({
    to: { kind: 'service', namespace, name },
    declared: unique(ports),
  }));
}

function unique(ports: readonly (Wire | ServicePort)[]): Wire[] {
  const byName = new Map(ports.map(({ port, protocol }) => [`${protocol} ${port}`, { port, protocol }]));
  return [...byName.values()];
}

function known(model: ClusterModel): string {
  const names = [...new Set(model.pods.map((pod) => pod.namespace))];
  return `namespaces with pods: ${names.join(', ') || 'none'}`;
}
