import { admission } from './admission.ts';
import { objects } from './objects.ts';
import type { Bed, Change, Mutation } from './types.ts';

const mesh = { area: 'mesh', mesh: 'istio', mustNotFail: ['connectivity-pod-to-pod-*-tcp'] } as const;

/** Every defect of the mesh (Istio, sidecars). */
export const meshMutations: readonly Mutation[] = [
  {
    ...mesh,
    ...{ name: 'mesh-permissive', defect: 'STRICT is stored as PERMISSIVE' },
    kind: ['plaintext', 'open'],
    plan: (bed) => [strictSoftened(bed)],
    mustFail: ['mesh-mtls-strict-*'],
    mustNotFail: ['mesh-mtls-default', ...mesh.mustNotFail],
  },
  {
    ...mesh,
    ...{ name: 'mesh-sidecar-missing', defect: 'pods of a labelled namespace get no proxy' },
    kind: ['proxy', 'sidecar', 'inject'],
    plan: (bed) => [injectionOff(bed)],
    mustFail: ['mesh-injection', 'mesh-mtls-strict-namespace'],
  },
];

function strictSoftened(bed: Bed): Change {
  const mode = '/spec/mtls/mode';
  const isStrict = `has(object.spec.mtls) && object.spec.?mtls.?mode.orValue('') == 'STRICT'`;
  const patch = `${isStrict} ? [JSONPatch{op: 'replace', path: '${mode}', value: 'PERMISSIVE'}] : []`;
  const what = { apiGroup: 'security.istio.io', apiVersion: '*', resource: 'peerauthentications', patches: [patch] };
  return objects(bed, 'STRICT stored as PERMISSIVE', admission({ name: 'ordeal-mutation-mtls', ...what }));
}

/** A label that stands for "no": the webhook skips the pod (Istio, "sidecar.istio.io/inject"). */
function injectionOff(bed: Bed): Change {
  const label = `/metadata/labels/sidecar.istio.io~1inject`;
  const has = 'has(object.metadata.labels)';
  const patch = `${has} ? [JSONPatch{op: 'add', path: '${label}', value: 'false'}] : []`;
  const what = { apiGroup: '', apiVersion: 'v1', resource: 'pods', patches: [patch] };
  return objects(bed, 'pods are kept from injection', admission({ name: 'ordeal-mutation-injection', ...what }));
}
