import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNode, LineCounter, parseAllDocuments, type Document } from 'yaml';
import { z } from 'zod';
import { describeError, OrdealError } from '../base/errors.ts';

/** An object with a way to say where one of its fields was written: `policies/x.yaml:12`. */
export interface LocatedObject {
  readonly value: unknown;
  locate(path: readonly PropertyKey[]): string;
}

const List = z.looseObject({ kind: z.string().regex(/List$/), items: z.array(z.unknown()) });

/**
 * Returns every object of the YAML and JSON files at `path` (a file, or a directory read recursively), Lists unfolded.
 * Throws USAGE naming file and line for a file that cannot be read or parsed, and for a directory without manifests.
 */
export async function readManifests(path: string): Promise<LocatedObject[]> {
  const files = await manifestsAt(path);
  if (files.length === 0) throw new OrdealError('USAGE', `${path} holds no .yaml, .yml or .json file`);
  const found = await Promise.all(files.map(async (file) => parseManifests(await readFile(file, 'utf8'), file)));
  return found.flat();
}

async function manifestsAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((it) => it.isFile() && /\.(ya?ml|json)$/i.test(it.name));
    return files.map((it) => join(it.parentPath, it.name)).sort();
  } catch (cause) {
    throw new OrdealError('USAGE', `${path} cannot be read: ${describeError(cause)}`, { cause });
  }
}

/** Returns the objects of one text; `file` is only for messages. Throws USAGE with file and line on malformed YAML. */
export function parseManifests(text: string, file: string): LocatedObject[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if ('empty' in documents) return [];
  return documents.flatMap((document) => {
    const [broken] = document.errors;
    if (broken !== undefined) {
      throw new OrdealError('USAGE', `${file}:${lines.linePos(broken.pos[0]).line}: ${broken.message}`);
    }
    const value: unknown = document.toJS();
    const locate = (path: readonly PropertyKey[]) => `${file}:${lineOf(document, path, lines)}`;
    return value === null ? [] : unfold({ value, locate });
  });
}

function unfold(object: LocatedObject): LocatedObject[] {
  const list = List.safeParse(object.value);
  if (!list.success) return [object];
  return list.data.items.map((value, at) => ({ value, locate: (path) => object.locate(['items', at, ...path]) }));
}

/** The line of the deepest part of the path that is written down: a missing field is reported at its parent. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
