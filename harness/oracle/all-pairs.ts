import type { ClusterModel, PodModel, ServiceModel } from './model-types.ts';
import type { Attempt, Destination, Source } from './types.ts';

/** Returns `x/a` as a source and destination. */
export function podRef(key: string): Source & Destination & { kind: 'pod' } {
  const [namespace = '', name = ''] = key.split('/');
  return { kind: 'pod', namespace, name };
}

/**
 * Returns every pod to every other pod (and itself) on every port any pod of the model declares, in row order; with
 * `through: 'service'` to the first Service whose only endpoint is that pod.
 */
export function allPairs(model: ClusterModel, through: 'pod' | 'service' = 'pod'): Attempt[] {
  const declared = model.pods.flatMap((pod) => pod.containerPorts);
  const ports = new Map(declared.map(({ port, protocol }) => [`${protocol} ${port}`, { port, protocol }]));
  const targets = model.pods.map((pod) =>
    through === 'pod' ? podRef(`${pod.namespace}/${pod.name}`) : serviceOf(model, pod),
  );
  return model.pods.flatMap((pod) =>
    targets.flatMap((to) =>
      [...ports.values()].map((wire) => ({ from: podRef(`${pod.namespace}/${pod.name}`), to, ...wire })),
    ),
  );
}

function serviceOf(model: ClusterModel, { namespace, name }: PodModel): Destination {
  const only = (service: ServiceModel) => service.endpoints?.length === 1 && service.endpoints[0]?.pod === name;
  const service = model.services.find((it) => it.namespace === namespace && only(it));
  return service === undefined ? podRef(`${namespace}/${name}`) : { kind: 'service', namespace, name: service.name };
}
