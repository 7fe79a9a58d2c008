import {
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  type Document,
  type DocumentOptions,
  type SchemaOptions,
} from 'yaml';
import { z } from 'zod';
import { describeError } from '../base/errors.ts';

/** An object with a way to say where one of its fields was written: `policies/x.yaml:12`. */
export interface LocatedObject {
  readonly value: unknown;
  locate(path: readonly PropertyKey[]): string;
  /** A scalar as it was written, where that is known: `yes` of a boolean. */
  written?(path: readonly PropertyKey[]): string | undefined;
  /** What to do should it turn out to be no object. */
  readonly remedy?: string | undefined;
}

/** Objects, what had to be left out, and what else the reader should know; all with their place. */
export interface Manifests {
  readonly objects: readonly LocatedObject[];
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

const List = z.looseObject({
  apiVersion: z.string(),
  kind: z.string().regex(/List$/),
  items: z.array(z.unknown()).nullish(),
});

/**
 * YAML as kubectl reads it (sigs.k8s.io/yaml): 1.1 with its words for booleans and `<<`, but timestamps and base-60
 * numbers stay text.
 */
const asKubectlReads: DocumentOptions & SchemaOptions = {
  version: '1.1',
  schema: 'yaml-1.1',
  customTags: (tags) =>
    tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        (!('format' in tag && tag.format === 'TIME') && tag.tag !== 'tag:yaml.org,2002:timestamp'),
    ),
};
/** Nodes that aliases may stand for, all told: what kubectl takes, and far from what exhausts memory. */
const maxAliased = 400_000;
const helm = 'if it is a Helm template, render it first: helm template CHART';

/** Returns the objects of one text and its faults, each with file and line; `file` is only for messages. */
export function parseManifests(text: string, file: string): Manifests {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    ...asKubectlReads,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  if ('empty' in documents) return { objects: [], faults: [], notes: [] };
  const read = documents.map((document) => readDocument(document, { text, file, lines }));
  if (text.trimStart().startsWith('{') && read.some(({ faults }) => faults.length > 0))
    return jsonLines(text, file, read);
  return merged(read);
}

const merged = (read: readonly Manifests[]): Manifests => ({
  objects: read.flatMap((it) => it.objects),
  faults: read.flatMap((it) => it.faults),
  notes: read.flatMap((it) => it.notes),
});

interface Origin {
  readonly text: string;
  readonly file: string;
  readonly lines: LineCounter;
}

function readDocument(document: Document, { text, file, lines }: Origin): Manifests {
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const [start, end] = document.range ?? [0, text.length];
  const remedy = text.slice(start, end).includes('{{') ? helm : undefined;
  const twice = document.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const [broken] = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  const none: Manifests = { objects: [], faults: [], notes: [] };
  if (broken !== undefined) return { ...none, faults: [withRemedy(`${at(broken.pos[0])}: ${broken.message}`, remedy)] };
  const notes = twice.map(({ pos }) => `${at(pos[0])}: a key is written twice; the last one counts, as for kubectl`);
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliased });
    if (value === null) return none;
    const locate = (path: readonly PropertyKey[]) => `${file}:${lineOf(document, path, lines)}`;
    const written = (path: readonly PropertyKey[]) => {
      const node = document.getIn(path, true);
      return isScalar(node) ? node.source : undefined;
    };
    return { ...none, objects: unfold({ value, locate, written, remedy }), notes };
  } catch (error) {
    return { ...none, faults: [`${at(start)}: ${describeError(error)}`] };
  }
}

/** Returns a fault with what to do about it. */
export function withRemedy(fault: string, remedy: string | undefined): string {
  return remedy === undefined ? fault : `${fault}; ${remedy}`;
}

/** JSON that is no YAML: indented by tabs, or one object a line. */
function jsonLines(text: string, file: string, asYaml: readonly Manifests[]): Manifests {
  const whole = jsonAt(text, file, 1);
  if (whole !== undefined) return { objects: whole, faults: [], notes: [] };
  const rows = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  const read = rows.filter(({ line }) => line.trim() !== '').map(({ line, number }) => jsonAt(line, file, number));
  const objects = read.flatMap((it) => it ?? []);
  return read.includes(undefined) ? merged(asYaml) : { objects, faults: [], notes: [] };
}

function jsonAt(text: string, file: string, line: number): LocatedObject[] | undefined {
  try {
    return unfold({ value: JSON.parse(text) as unknown, locate: () => `${file}:${line}` });
  } catch {
    return undefined;
  }
}

/** Items of a typed list have its version and kind where they leave them out, as the API server writes them. */
function unfold(object: LocatedObject): LocatedObject[] {
  const list = List.safeParse(object.value);
  if (!list.success) return [object];
  const { apiVersion, kind, items } = list.data;
  const implied = kind === 'List' ? {} : { apiVersion, kind: kind.replace(/List$/, '') };
  return (items ?? []).flatMap((item, at) => {
    const value = typeof item === 'object' && item !== null ? { ...implied, ...item } : item;
    return unfold({
      ...object,
      value,
      locate: (path) => object.locate(['items', at, ...path]),
      written: (path) => object.written?.(['items', at, ...path]),
    });
  });
}

/** The line of the deepest part of the path that is written down: a missing field is reported at its parent. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
