import { timeoutsInForce } from '../base/timeouts.ts';
import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { poll } from './poll.ts';
import type { Resources } from './resources.ts';
import { refOf, type Verbs } from './verbs.ts';
import { untilObject } from './waits.ts';
import type { KubeObject } from './types.ts';

const Crd = z.looseObject({
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(z.looseObject({ name: z.string(), served: z.boolean() })),
  }),
});
const Established = z.looseObject({
  status: z.looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })) }),
});

/**
 * Applies in waves: namespaces, CRDs (awaited until served), accounts with rights and everything passive, workloads,
 * and last what intercepts others (webhooks). The order within one wave does not matter to the API server.
 */
export async function applyInWaves(verbs: Verbs, resources: Resources, objects: readonly KubeObject[]): Promise<void> {
  for (const wave of waves(objects)) {
    await Promise.all(wave.map((object) => verbs.apply(object)));
    await Promise.all(wave.filter(isCrd).map((crd) => untilServed(verbs, resources, crd)));
  }
}

const order: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  [],
  ['Pod', 'Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'Job', 'CronJob'],
  ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicyBinding', 'APIService'],
];
const passive = 2;

/** Returns the objects grouped into waves; a kind not named above is passive. */
export function waves(objects: readonly KubeObject[]): KubeObject[][] {
  const waveOf = ({ kind }: KubeObject) => {
    const index = order.findIndex((kinds) => kinds.includes(kind));
    return index < 0 ? passive : index;
  };
  return order.map((_, wave) => objects.filter((object) => waveOf(object) === wave));
}

function isCrd({ kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition';
}

/** Established comes a moment before discovery lists the kind, and only the latter makes its objects applicable. */
async function untilServed(verbs: Verbs, resources: Resources, crd: KubeObject): Promise<void> {
  const { apiKindServedMs } = timeoutsInForce();
  await untilObject(verbs, refOf(crd), 'Established', apiKindServedMs, isEstablished);
  const { group, names, versions } = Crd.parse(crd).spec;
  for (const { name } of versions.filter((version) => version.served)) {
    const found = await poll(apiKindServedMs, () => resources.find(`${group}/${name}`, names.kind));
    if (found !== undefined) continue;
    throw new OrdealError('API_WAIT', `the API server does not list ${names.kind} of ${group}/${name}`);
  }
}

function isEstablished(object: KubeObject | undefined): boolean {
  const parsed = Established.safeParse(object);
  return (
    parsed.success && parsed.data.status.conditions.some((one) => one.type === 'Established' && one.status === 'True')
  );
}
