import { z } from 'zod';
import { may } from '../../../harness/kube/rights.ts';
import { SkipError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' };
/** To read and change the Corefile and roll CoreDNS; to list them is what finds them again after a killed run. */
export const corefile = [configMap, deployment].flatMap(({ kind, namespace, name }) => {
  const resource = kind === 'ConfigMap' ? 'configmaps' : 'deployments.apps';
  return [...may(['get', 'patch'], resource, { namespace, name }), ...may(['list'], resource, { namespace })];
});
const CorefileMap = z.looseObject({ data: z.looseObject({ Corefile: z.string() }) });
const restarted = 'ordeal.dev/corefile';

/** Returns `corefile` with a server block that forwards `zone` to `server` (host or host:port). */
export function withStubDomain(corefile: string, zone: string, server: string): string {
  return `${corefile.trimEnd()}\n${zone}:53 {\n    errors\n    forward . ${server}\n}\n`;
}

/**
 * Makes CoreDNS forward `zone` to `server` and waits until the changed CoreDNS runs; Corefile and Deployment are put
 * back after the case. Its own reload would take up to two minutes, so the pods are rolled. Only for exclusive cases.
 * @throws SkipError where the cluster DNS is not a CoreDNS Deployment with its Corefile in a ConfigMap.
 */
export async function forwardZone(ctx: CaseContext, zone: string, server: string): Promise<void> {
  const map = await ctx.kube.get(configMap);
  const stored = CorefileMap.safeParse(map);
  const coredns = await ctx.kube.get(deployment);
  if (map === undefined || !stored.success) {
    throw new SkipError('needs ConfigMap kube-system/coredns with a Corefile; found none');
  }
  if (coredns === undefined) throw new SkipError('needs Deployment kube-system/coredns; found none');
  const Corefile = withStubDomain(stored.data.data.Corefile, zone, server);
  ctx.attach('Corefile', Corefile);
  const untilRolledOut = () => ctx.kube.untilRolledOut(deployment, ctx.timeouts.workloadReadyMs);
  ctx.defer('CoreDNS with its former Corefile', untilRolledOut);
  // A mark that goes again brings the former ReplicaSet back.
  const template = { metadata: { annotations: { [restarted]: zone } } };
  await ctx.changeForeign(
    { object: map, patch: { data: { Corefile } } },
    { object: coredns, patch: { spec: { template } } },
  );
  await untilRolledOut();
}
