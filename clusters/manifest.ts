import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { OrdealError } from '../harness/base/errors.ts';
import type { KubeObject } from '../harness/kube/types.ts';

const KubeObjectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

const EnvVar = z.looseObject({ name: z.string() });

const Container = z.looseObject({ name: z.string(), image: z.string(), env: z.array(EnvVar).optional() });
export type Container = z.infer<typeof Container>;

const PodTemplateHolder = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(Container), initContainers: z.array(Container).optional() }),
    }),
  }),
});

const templated = new Set(['DaemonSet', 'Deployment', 'StatefulSet', 'Job']);

/** Returns the objects of a YAML stream in order, without empty documents. @throws OrdealError IMAGE_BUILD naming `origin`. */
export function parseManifest(text: string, origin: string): KubeObject[] {
  const values = parseAllDocuments(text).map((document) => readDocument(document, origin));
  return values.filter((value) => value !== null).map((value) => readObject(value, origin));
}

function readDocument(document: ReturnType<typeof parseAllDocuments>[number], origin: string): unknown {
  const [problem] = document.errors;
  if (problem !== undefined) throw unreadable(origin, problem);
  return document.toJS();
}

function readObject(value: unknown, origin: string): KubeObject {
  const read = KubeObjectSchema.safeParse(value);
  if (read.success) return read.data;
  throw unreadable(origin, read.error);
}

const unreadable = (origin: string, cause: unknown) =>
  new OrdealError('IMAGE_BUILD', `reading Kubernetes objects from ${origin} failed`, {
    remedy: 'the published file differs from the one this release was made for: check the version in go.mod',
    cause,
  });

/** Returns the object with `edit` applied to every container and init container of its pod template, if it has one. */
export function mapContainers(object: KubeObject, edit: (container: Container) => Container): KubeObject {
  if (!templated.has(object.kind)) return object;
  const { spec } = PodTemplateHolder.parse(object);
  const pod = spec.template.spec;
  const initContainers = pod.initContainers?.map(edit);
  const edited = { ...pod, containers: pod.containers.map(edit), ...(initContainers && { initContainers }) };
  return { ...object, spec: { ...spec, template: { ...spec.template, spec: edited } } };
}

/** Returns the container with these variables set: in place where they exist (also from a reference), else appended. */
export function withEnv(container: Container, values: Readonly<Record<string, string>>): Container {
  const before = container.env ?? [];
  const known = new Set(before.map(({ name }) => name));
  const kept = before.map((variable) => {
    const value = values[variable.name];
    return value === undefined ? variable : { name: variable.name, value };
  });
  const added = Object.entries(values).filter(([name]) => !known.has(name));
  return { ...container, env: [...kept, ...added.map(([name, value]) => ({ name, value }))] };
}

/** True for the object of this kind and name (the namespace is not compared: upstream manifests repeat no name). */
export const isObject = (object: KubeObject, kind: string, name: string): boolean =>
  object.kind === kind && object.metadata.name === name;
