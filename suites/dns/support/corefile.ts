import { z } from 'zod';
import { SkipError } from '../../../harness/base/errors.ts';
import type { CaseContext } from '../../../harness/case/types.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' };
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
  const stored = CorefileMap.safeParse(await ctx.kube.get(configMap));
  if (!stored.success) throw new SkipError('needs ConfigMap kube-system/coredns with a Corefile; found none');
  const before = stored.data.data.Corefile;
  ctx.defer('put the Corefile back', async () => {
    await ctx.kube.patch(configMap, { data: { Corefile: before } });
    await roll(ctx, null);
  });
  const Corefile = withStubDomain(before, zone, server);
  ctx.attach('Corefile', Corefile);
  await ctx.kube.patch(configMap, { data: { Corefile } });
  await roll(ctx, zone);
}

/** `null` takes the mark away, which brings the former ReplicaSet back. */
async function roll(ctx: CaseContext, mark: string | null): Promise<void> {
  await ctx.kube.patch(deployment, { spec: { template: { metadata: { annotations: { [restarted]: mark } } } } });
  await ctx.kube.untilRolledOut(deployment, ctx.timeouts.workloadReadyMs);
}
