import { z } from 'zod';

const Event = z.looseObject({ type: z.string() });
const Measure = z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) });
const Environment = z.looseObject({ cluster: z.looseObject({ name: z.string() }) });
const Fault = z.looseObject({ id: z.string(), fault: z.string() });
const Started = z.looseObject({ leftOut: z.unknown().optional() });

/** How each event that has changed since version 1 reads today; events not named here are the same in both. */
const translators: Readonly<Record<string, (event: Record<string, unknown>) => unknown>> = {
  'run.started': startOf,
  environment: clusterOf,
  'case.measure': measureOf,
  fault: faultOf,
};

/**
 * Returns an event of a version 1 log in today's form, and anything that is no such event as it is: the reader says then
 * what is wrong with it. Text that such a log attached for a table stays an attachment.
 */
export function fromVersion1(event: unknown): unknown {
  const known = Event.safeParse(event);
  return known.success ? (translators[known.data.type]?.(known.data) ?? event) : event;
}

/** Only `run` wrote logs. The first of them had one group of cases left out, not a list. */
function startOf(event: Record<string, unknown>): unknown {
  const parsed = Started.safeParse(event);
  if (!parsed.success) return event;
  const { leftOut, ...rest } = parsed.data;
  const list = leftOut === undefined ? {} : { leftOut: Array.isArray(leftOut) ? leftOut : [leftOut] };
  return { ...rest, ...list, logVersion: 2, command: 'run' };
}

function clusterOf(event: Record<string, unknown>): unknown {
  const parsed = Environment.safeParse(event);
  return parsed.success ? { ...parsed.data, type: 'cluster', id: parsed.data.cluster.name } : event;
}

/** Its faults are told apart by case and driver, which is all that such a log knows. */
function faultOf(event: Record<string, unknown>): unknown {
  const parsed = Fault.safeParse(event);
  if (!parsed.success) return event;
  const { id, fault, ...rest } = parsed.data;
  return { ...rest, faultId: `${id}:${fault}`, driver: fault, caseId: id };
}

function measureOf(event: Record<string, unknown>): unknown {
  const parsed = Measure.safeParse(event);
  if (!parsed.success) return event;
  const { name, labels, ...rest } = parsed.data;
  const told = namedAfter('settle:', 'settle_time', name) ?? namedAfter('relapse: ', 'settle_relapses', name);
  const { metric, ...more } = told ?? { metric: identifierOf(name) };
  return { ...rest, metric, labels: { ...labels, ...more } };
}

function namedAfter(prefix: string, metric: string, name: string): Record<string, string> | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const what = name.slice(prefix.length);
  const kind = what.replaceAll(/"[^"]*"/g, '"…"').replaceAll(/\d+/g, 'n');
  return { metric, what, ...(kind === what ? {} : { kind }) };
}

/** `downtime:longest` becomes `downtime.longest`, `1 MiB there and back` becomes `m_1_mib_there_and_back`. */
function identifierOf(name: string): string {
  const word = name
    .toLowerCase()
    .replaceAll(':', '.')
    .replaceAll(/[^a-z0-9_.]+/g, '_');
  return /^[a-z]/.test(word) ? word : `m_${word}`;
}
