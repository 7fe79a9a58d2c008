import type { z } from 'zod';
import { withRemedy, type LocatedObject, type Manifests } from './manifest-documents.ts';
import { roleOf } from './object-kinds.ts';
import { nameAsWritten } from './name-as-written.ts';
import { AnyObject, KnownObject } from './object-schema.ts';
import { publishedSchemas, type PublishedSchemas } from './published-schema.ts';

/** Objects that the API server would accept, and what is to be said of the rest. */
export interface ReadObjects {
  readonly objects: readonly KnownObject[];
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

interface ReadOptions {
  /** Where objects without a namespace go; absent: `default`, which is worth a note. */
  readonly namespace?: string | undefined;
  /** False for what an API server has accepted already. */
  readonly validate?: boolean;
  /** Whether what kubectl would refuse is refused although it can be judged. */
  readonly strict?: boolean | undefined;
}

interface Read {
  readonly key: string;
  /** `NetworkPolicy shop/web` */
  readonly what: string;
  readonly place: string;
  readonly object: KnownObject;
  /** How it came to its namespace, where it has one. */
  readonly placed: 'as written' | 'by default' | 'cluster';
}

/** What became of one object. */
interface Outcome {
  readonly read?: Read;
  readonly fault?: string;
  readonly foreign?: { readonly type: string; readonly place: string };
  readonly notes?: readonly string[];
}

type Any = z.infer<typeof AnyObject>;

/**
 * Returns the objects the API server would accept. A faulty one is left out and told with its place; kinds of foreign
 * API groups are set aside and told once a kind; of an object written twice the last counts, as for `kubectl apply`.
 */
export async function readObjects(manifests: Manifests, options: ReadOptions = {}): Promise<ReadObjects> {
  const plain = manifests.objects.map((located) => {
    const value = withoutNulls(located.value, new Map());
    return { located, ...(options.strict === true ? { value, note: undefined } : nameAsWritten(located, value)) };
  });
  const kinds = new Set(plain.flatMap(({ value }) => kindOf(value)));
  const schemas = options.validate === false ? () => [] : await publishedSchemas(kinds);
  const outcomes = plain.map(({ located, value, note }): Outcome => {
    const outcome = readObject(located, value, schemas, options);
    return note === undefined ? outcome : { ...outcome, notes: [note, ...(outcome.notes ?? [])] };
  });
  const read = outcomes.flatMap((it) => it.read ?? []);
  const last = new Map(read.map((it) => [it.key, it]));
  return {
    objects: [...last.values()].map(({ object }) => object),
    faults: [...manifests.faults, ...outcomes.flatMap((it) => it.fault ?? [])],
    notes: [
      ...manifests.notes,
      ...outcomes.flatMap((it) => it.notes ?? []),
      ...duplicates(read),
      ...foreignKinds(outcomes.flatMap((it) => it.foreign ?? [])),
      ...(options.namespace === undefined ? unplaced(read) : []),
    ],
  };
}

function kindOf(value: unknown): string[] {
  const any = AnyObject.safeParse(value);
  return any.success ? [`${any.data.apiVersion}/${any.data.kind}`] : [];
}

function readObject(located: LocatedObject, value: unknown, schemas: PublishedSchemas, options: ReadOptions): Outcome {
  const any = AnyObject.safeParse(value);
  if (!any.success) return { fault: faulty(located, 'not a Kubernetes object', any.error.issues) };
  const { apiVersion, kind } = any.data;
  const role = roleOf(apiVersion, kind);
  const what = `${kind} ${nameOf(any.data)}`;
  if (role.role === 'irrelevant') return {};
  if (role.role === 'foreign') return { foreign: { type: `${kind} ${apiVersion}`, place: located.locate([]) } };
  if (role.role === 'unserved')
    return { fault: `${located.locate([])}: ${what}: ${apiVersion} is not served; write apiVersion: ${role.served}` };
  const refused = schemas(apiVersion, kind, value);
  if (refused.length > 0) return { fault: faulty(located, what, refused) };
  return readKnown(located, any.data, role.namespaced, options);
}

function readKnown(located: LocatedObject, any: Any, namespaced: boolean, { namespace }: ReadOptions): Outcome {
  const { kind, metadata } = any;
  const placed = namespaced
    ? { namespace: orElse(metadata.namespace, namespace ?? 'default') }
    : { namespace: undefined };
  const name = orElse(metadata.name, `${metadata.generateName ?? ''}generated`);
  const parsed = KnownObject.safeParse({ ...any, metadata: { ...metadata, ...placed, name } });
  const what = `${kind} ${nameOf(any)}`;
  if (!parsed.success) return { fault: faulty(located, what, parsed.error.issues) };
  const place = located.locate([]);
  const key = `${kind} ${placed.namespace ?? ''}/${name}`;
  const nameless = (metadata.name ?? '') === '';
  const notes = nameless ? [`${place}: ${what} has no name yet (generateName); it is judged as ${name}`] : [];
  const written = (metadata.namespace ?? '') !== '';
  const placing = !namespaced ? 'cluster' : written ? 'as written' : 'by default';
  return { read: { key, what, place, object: parsed.data, placed: placing }, notes };
}

const orElse = (text: string | undefined, other: string) => (text === undefined || text === '' ? other : text);

function nameOf({ metadata: { namespace = '', name = '', generateName = '' } }: Any): string {
  return `${namespace === '' ? '' : `${namespace}/`}${name === '' ? generateName : name}`;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function faulty(located: LocatedObject, what: string, issues: readonly Issue[]): string {
  const faults = issues.slice(0, 5).map(({ path, message }) => {
    const field = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
    return `${located.locate(path)}: ${what}: ${field}${message}${unquoted(located, path, message)}`;
  });
  return withRemedy([...new Set(faults)].join('; '), located.remedy);
}

/** Where text was wanted and none came, the word stood without quotes. */
function unquoted(located: LocatedObject, path: readonly PropertyKey[], message: string): string {
  const word = message === 'must be string' ? located.written?.(path) : undefined;
  return word === undefined ? '' : `; YAML takes ${word} for a number, boolean or nothing, quote it`;
}

function duplicates(read: readonly { key: string; place: string }[]): string[] {
  const groups = [...Map.groupBy(read, ({ key }) => key)].filter(([, all]) => all.length > 1);
  return groups.map(
    ([key, all]) => `${key} is written ${all.length} times, the last counts: ${all.map((it) => it.place).join(', ')}`,
  );
}

function foreignKinds(found: readonly { type: string; place: string }[]): string[] {
  return [...Map.groupBy(found, ({ type }) => type)].map(([type, all]) => {
    const count = all.length === 1 ? '' : ` and ${all.length - 1} more`;
    return `set aside, judged without it: ${type} is of another API group than those the oracle knows (${all[0]?.place ?? ''}${count})`;
  });
}

/** Beside objects that name a namespace, one that does not is mostly meant for another than `default`. */
function unplaced(read: readonly Read[]): string[] {
  const without = read.filter((it) => it.placed === 'by default');
  const [first] = without;
  if (first === undefined || read.every((it) => it.placed !== 'as written')) return [];
  const more = without.length === 1 ? '' : ` (and ${without.length - 1} more)`;
  return [
    `${first.place}: ${first.what}${more} names no namespace and is judged in "default"; --namespace NAME gives another`,
  ];
}

/** The API treats null as absent, except as a value of labels, where it would hide a typing error. */
function withoutNulls(value: unknown, done: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const before = done.get(value);
  if (before !== undefined) return before;
  const cleaned = Array.isArray(value)
    ? value.map((it) => withoutNulls(it, done))
    : Object.fromEntries(
        Object.entries(value).flatMap(([key, it]): [string, unknown][] => {
          if (it === null) return [];
          return [[key, /labels$/i.test(key) ? it : withoutNulls(it, done)]];
        }),
      );
  done.set(value, cleaned);
  return cleaned;
}
