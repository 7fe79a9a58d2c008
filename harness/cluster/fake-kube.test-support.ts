import { KubeError } from '../kube/errors.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';

/** A Kube over objects held in memory; everything that is not asked for in a test refuses. */
export function fakeKube(objects: readonly KubeObject[], raw: Readonly<Record<string, unknown>> = {}): Kube {
  const refuse = (what: string) => () => Promise.reject(new KubeError(`the fake has no ${what}`, { status: 405 }));
  const is = (object: KubeObject, { apiVersion, kind, name, namespace }: ObjectRef) =>
    object.apiVersion === apiVersion &&
    object.kind === kind &&
    object.metadata.name === name &&
    object.metadata.namespace === namespace;
  return {
    apply: refuse('apply'),
    applyAll: refuse('applyAll'),
    create: refuse('create'),
    get: (ref) => Promise.resolve(objects.find((object) => is(object, ref))),
    list: ({ kind, namespace, labelSelector }) =>
      Promise.resolve(
        objects.filter(
          (object) =>
            object.kind === kind &&
            (namespace === undefined || object.metadata.namespace === namespace) &&
            matches(object, labelSelector),
        ),
      ),
    async *follow() {
      await Promise.reject(new KubeError('the fake has no follow', { status: 405 }));
    },
    patch: refuse('patch'),
    remove: refuse('remove'),
    removeAll: refuse('removeAll'),
    until: refuse('until'),
    untilRolledOut: refuse('untilRolledOut'),
    exec: refuse('exec'),
    portForward: refuse('portForward'),
    logs: refuse('logs'),
    raw: (path) =>
      path in raw ? Promise.resolve(raw[path]) : Promise.reject(new KubeError(`no ${path}`, { status: 404 })),
    close: () => Promise.resolve(),
  };
}

function matches({ metadata }: KubeObject, selector: string | undefined): boolean {
  const wanted = (selector ?? '').split(',').filter((one) => one !== '');
  return wanted.every((one) => {
    const [key = '', value] = one.split('=');
    return metadata.labels?.[key] === value;
  });
}
