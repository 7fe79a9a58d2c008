import { z } from 'zod';
import { findMesh, meshes } from '../../../clusters/index.ts';
import type { Mesh } from '../../../clusters/mesh-product.ts';
import { may } from '../../kube/rights.ts';
import { rolloutGap } from '../../kube/rollout.ts';
import type { Kube } from '../../kube/types.ts';
import { readIfAllowed } from '../read-if-allowed.ts';
import { seen, undetermined, type Detector } from './types.ts';

const ConfigMap = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });

/** Whether a mesh's control plane is up and its injector registered, and whether its proxies count requests. */
export const mesh: Detector = {
  features: ['Mesh', 'MeshMetrics'],
  // Of that name wherever it is: a Role cannot be in a namespace that only a mesh brings.
  rights: [
    ...may(['list'], 'mutatingwebhookconfigurations.admissionregistration.k8s.io'),
    ...meshes.flatMap(({ metrics: how }) =>
      how.counted === 'always' ? [] : may(['get'], 'configmaps', { name: how.configMap.name }),
    ),
  ],
  detect: async ({ kube, facts }) => {
    const product = findMesh(facts.mesh);
    if (product === undefined) return both('no control plane of a known mesh runs here');
    const { name, namespace, recognise, injection } = product;
    const [deployments, webhooks] = await Promise.all([
      kube.list({ apiVersion: 'apps/v1', kind: recognise.kind, namespace }),
      readIfAllowed(kube.list({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' })),
    ]);
    const control = deployments.find(({ metadata }) => recognise.workload.test(metadata.name ?? ''));
    const gap = rolloutGap(control);
    // A mesh that is there and not well is no mesh that is absent.
    if (gap !== undefined) return undetermined(mesh.features, `the control plane of ${name} is not ready: ${gap}`);
    if (webhooks?.some(({ metadata }) => injection.webhook.test(metadata.name ?? '')) === false) {
      return undetermined(mesh.features, `${name} has no injector registered`);
    }
    const said = `${name} ${facts.meshVersion}: control plane ready, injector registered`;
    return [seen('Mesh', true, said), await metrics(kube, product)];
  },
};

async function metrics(kube: Kube, { title, metrics: how }: Mesh) {
  if (how.counted === 'always') return seen('MeshMetrics', true, `${title}'s proxies always count`);
  const { key, ...place } = how.configMap;
  const object = await readIfAllowed(kube.get({ apiVersion: 'v1', kind: 'ConfigMap', ...place }));
  const text = object === undefined ? '' : (ConfigMap.parse(object).data[key] ?? '');
  const on = how.isCounted(text);
  return seen('MeshMetrics', on, `${title}'s configuration has ${on ? '' : 'no '}${how.setting}`);
}

function both(evidence: string) {
  return [seen('Mesh', false, evidence), seen('MeshMetrics', false, evidence)];
}
