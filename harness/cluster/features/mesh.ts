import { z } from 'zod';
import { rolloutGap } from '../../kube/rollout.ts';
import { readIfAllowed } from '../read-if-allowed.ts';
import { seen, undetermined, type Detector, type DetectionContext } from './types.ts';

const ConfigMap = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });

/** Namespace, control plane and injector of each mesh that is known here. */
const parts = {
  istio: { namespace: 'istio-system', controlPlane: /^istiod/, injector: /istio-sidecar-injector/ },
  linkerd: { namespace: 'linkerd', controlPlane: /^linkerd-destination/, injector: /linkerd-proxy-injector/ },
} as const;

/** Whether a mesh's control plane is up and its injector registered, and whether its proxies count requests. */
export const mesh: Detector = {
  features: ['Mesh', 'MeshMetrics'],
  detect: async (context) => {
    const { mesh: name } = context.facts;
    if (name === 'none') return both('no control plane of a known mesh runs here');
    const { namespace, controlPlane, injector } = parts[name];
    const { kube } = context;
    const [deployments, webhooks] = await Promise.all([
      kube.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace }),
      readIfAllowed(kube.list({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' })),
    ]);
    const control = deployments.find(({ metadata }) => controlPlane.test(metadata.name ?? ''));
    const gap = rolloutGap(control);
    // A mesh that is there and not well is no mesh that is absent.
    if (gap !== undefined) return undetermined(mesh.features, `the control plane of ${name} is not ready: ${gap}`);
    if (webhooks?.some(({ metadata }) => injector.test(metadata.name ?? '')) === false) {
      return undetermined(mesh.features, `${name} has no injector registered`);
    }
    const version = context.facts.meshVersion;
    return [seen('Mesh', true, `${name} ${version}: control plane ready, injector registered`), await metrics(context)];
  },
};

/** Istio's proxies count requests where its mesh configuration names prometheus as a metrics provider. */
async function metrics({ kube, facts }: DetectionContext) {
  if (facts.mesh !== 'istio') return seen('MeshMetrics', facts.mesh === 'linkerd', 'Linkerd proxies always count');
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' };
  const object = await kube.get(ref);
  const text = object === undefined ? '' : (ConfigMap.parse(object).data['mesh'] ?? '');
  const on = /defaultProviders:[\s\S]*metrics:\s*\n\s*- prometheus/.test(text);
  return seen('MeshMetrics', on, `istio's default metrics providers ${on ? 'include' : 'do not include'} prometheus`);
}

function both(evidence: string) {
  return [seen('Mesh', false, evidence), seen('MeshMetrics', false, evidence)];
}
