import { buffer } from 'node:stream/consumers';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeError, OrdealError } from '../base/errors.ts';
import { parseManifests, type Manifests } from './manifest-documents.ts';
import { decodeText } from './manifest-text.ts';

const kustomizationNames = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** As for kubectl: `kubectl get all -o yaml | ordeal matrix --files -`. */
const standardInput = '-';

/** A folder whose files are no manifests yet, with the command that makes them. */
interface Template {
  readonly directory: string;
  readonly remedy: string;
}

/**
 * Returns every object of the YAML and JSON files at `paths` (files, directories read recursively, `-`), Lists unfolded,
 * and what was wrong with the rest. @throws OrdealError USAGE for a path that cannot be read or holds no manifests.
 */
export async function readManifests(paths: readonly string[]): Promise<Manifests> {
  const found = await Promise.all(paths.map(manifestsAt));
  const files = [...new Set(found.flatMap((it) => it.files))];
  const templates = found.flatMap((it) => it.templates);
  const faults = templates.map(
    ({ directory, remedy }) => `${directory} is no manifest yet; render it first: ${remedy}`,
  );
  if (files.length === 0) throw nothingAt(paths, templates);
  const read = await Promise.all(files.map(readOne));
  return {
    objects: read.flatMap((it) => it.objects),
    faults: [...faults, ...read.flatMap((it) => it.faults)],
    notes: read.flatMap((it) => it.notes),
  };
}

function nothingAt(paths: readonly string[], templates: readonly Template[]): OrdealError {
  const where = paths.join(', ');
  if (templates.length === 0) return new OrdealError('USAGE', `${where} holds no .yaml, .yml or .json file`);
  const remedy = templates.map((it) => `render it first: ${it.remedy}`).join('; ');
  return new OrdealError('USAGE', `${where} holds no manifests, only what they are made of`, { remedy });
}

async function readOne(file: string): Promise<Manifests> {
  if (kustomizationNames.has(basename(file))) {
    const fault = `${file} is no manifest; render it first: kubectl kustomize ${dirname(file)}`;
    return { objects: [], faults: [fault], notes: [] };
  }
  const text = decodeText(file === standardInput ? await buffer(process.stdin) : await readFile(file));
  return 'fault' in text
    ? { objects: [], faults: [`${file}: ${text.fault}`], notes: [] }
    : parseManifests(text.text, file);
}

interface Found {
  readonly files: readonly string[];
  readonly templates: readonly Template[];
}

async function manifestsAt(path: string): Promise<Found> {
  try {
    if (path === standardInput) return { files: [path], templates: [] };
    if (!(await stat(path)).isDirectory()) return { files: [path], templates: [] };
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
    const charts = files.filter((it) => basename(it) === 'Chart.yaml').map(dirname);
    const kustomizations = files.filter((it) => kustomizationNames.has(basename(it)));
    const templated = [...charts, ...kustomizations.map(dirname)];
    const manifests = files.filter((it) => /\.(ya?ml|json)$/i.test(it) && !templated.some((dir) => isUnder(dir, it)));
    const templates = [
      ...charts.map((directory) => ({ directory, remedy: `helm template ${directory}` })),
      ...(await rootsOf(kustomizations)).map((directory) => ({ directory, remedy: `kubectl kustomize ${directory}` })),
    ];
    return { files: manifests.sort(), templates };
  } catch (cause) {
    throw new OrdealError('USAGE', `${path} cannot be read: ${describeError(cause)}`, { cause });
  }
}

const isUnder = (directory: string, file: string) => !relative(directory, file).startsWith('..');

const Kustomization = z.looseObject({
  resources: z.array(z.string()).default([]),
  bases: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
});

/** The folders that no other kustomization builds on: those are what a person renders. */
async function rootsOf(kustomizations: readonly string[]): Promise<string[]> {
  const used = await Promise.all(
    kustomizations.map(async (file) => {
      const parsed = Kustomization.safeParse(await readYaml(file));
      if (!parsed.success) return [];
      const { resources, bases, components } = parsed.data;
      return [...resources, ...bases, ...components].map((it) => resolve(dirname(file), it));
    }),
  );
  const parts = new Set(used.flat());
  const directories = [...new Set(kustomizations.map(dirname))];
  const roots = directories.filter((it) => !parts.has(resolve(it).replace(new RegExp(`\\${sep}$`), '')));
  return roots.length > 0 ? roots : directories;
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
