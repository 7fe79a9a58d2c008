import { expect } from 'chai';
import { z } from 'zod';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { openMeshFixture } from './support/mesh-fixture.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { meshRights } from './support/rights.ts';

const Containers = z.array(z.looseObject({ name: z.string() })).default([]);
const PodView = z.looseObject({ spec: z.looseObject({ containers: Containers, initContainers: Containers }) });

export const testCase = defineCase({
  id: 'mesh-injection',
  area: 'mesh',
  touches: 'own',
  rights: meshRights,
  uses: [fleet],
  title: 'Pods of a labelled namespace get a proxy, pods of others and pods that opt out do not',
  tags: ['injection'],
  needs: [feature('Mesh')],
  source: 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/',
  async run(ctx) {
    const fixture = await openMeshFixture(ctx);
    const { container, optOut } = fixture.mesh.injection;
    const [optedOut] = await ctx.agents([{ name: 'opted-out', namespace: fixture.namespaces.meshed, ...optOut }]);
    for (const { agent, side } of fixture.clients)
      await expectProxy(ctx, agent, { container, there: side === 'meshed' });
    expect(optedOut, 'the pod that opted out').to.not.equal(undefined);
    if (optedOut !== undefined) await expectProxy(ctx, optedOut, { container, there: false });
  },
});

/** A proxy is a container, or an init container that stays where the mesh uses native sidecars. */
async function expectProxy(
  ctx: CaseContext,
  { namespace, name }: Agent,
  { container: proxy, there }: { readonly container: string; readonly there: boolean },
): Promise<void> {
  const pod = PodView.parse(await ctx.kube.get({ apiVersion: 'v1', kind: 'Pod', namespace, name }));
  const names = [...pod.spec.initContainers, ...pod.spec.containers].map((container) => container.name);
  const told = `containers of ${namespace}/${name}: ${names.join(', ')}`;
  expect(names.includes(proxy), told).to.equal(there);
}
