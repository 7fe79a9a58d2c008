import type { Mesh, MeshPolicies, ServerModeSpec } from '../../clusters/mesh-product.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { SkipError } from '../../harness/base/errors.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { expectedMesh, type MtlsModes } from '../../harness/oracle/mesh.ts';
import { expectMesh, meshTable } from './support/check.ts';
import { meshOf, meshPorts, openMeshFixture, serverLabels, toldBy } from './support/mesh-fixture.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { meshRights } from './support/rights.ts';

interface ModeCase {
  readonly id: string;
  readonly title: string;
  /** Modes set per level; `port` is set on the main port of the workload. */
  readonly modes: MtlsModes;
}

const modeCases: readonly ModeCase[] = [
  { id: 'default', title: 'Without any policy meshed clients use mTLS and others get through in plaintext', modes: {} },
  { id: 'strict-namespace', title: 'STRICT in a namespace', modes: { namespace: 'STRICT' } },
  {
    id: 'permissive-namespace',
    title: 'PERMISSIVE in a namespace of a STRICT mesh',
    modes: { mesh: 'STRICT', namespace: 'PERMISSIVE' },
  },
  { id: 'disable-namespace', title: 'DISABLE in a namespace', modes: { namespace: 'DISABLE' } },
  { id: 'strict-mesh', title: 'STRICT in the whole mesh', modes: { mesh: 'STRICT' } },
  { id: 'disable-mesh', title: 'DISABLE in the whole mesh', modes: { mesh: 'DISABLE' } },
  {
    id: 'strict-workload',
    title: 'STRICT on a workload of a PERMISSIVE namespace',
    modes: { namespace: 'PERMISSIVE', workload: 'STRICT' },
  },
  {
    id: 'permissive-workload',
    title: 'PERMISSIVE on a workload of a STRICT namespace',
    modes: { namespace: 'STRICT', workload: 'PERMISSIVE' },
  },
  {
    id: 'disable-workload',
    title: 'DISABLE on a workload of a STRICT namespace',
    modes: { namespace: 'STRICT', workload: 'DISABLE' },
  },
  {
    id: 'permissive-port',
    title: 'PERMISSIVE on one port of a STRICT workload',
    modes: { workload: 'STRICT', port: 'PERMISSIVE' },
  },
  {
    id: 'disable-port',
    title: 'DISABLE on one port of a STRICT workload',
    modes: { workload: 'STRICT', port: 'DISABLE' },
  },
  {
    id: 'strict-port',
    title: 'STRICT on one port of a PERMISSIVE workload',
    modes: { workload: 'PERMISSIVE', port: 'STRICT' },
  },
];

const meshWide = beyondOwn('cluster', 'mesh', 'the mode of the whole mesh is set and removed');

/** That a workload's mode goes before its namespace's is shown by one mode. */
const extended = ['permissive-workload', 'disable-workload'];

export const cases = modeCases.map(({ id, title, modes }) =>
  defineCase({
    id: `mesh-mtls-${id}`,
    area: 'mesh',
    touches: modes.mesh === undefined ? 'own' : meshWide,
    rights: meshRights,
    uses: [fleet],
    tier: extended.includes(id) ? 'extended' : 'core',
    title: `${title}: meshed and plaintext clients get what the mode says, and the wire shows it`,
    tags: ['mtls', 'peer-authentication'],
    needs: [feature('Mesh')],
    exclusive: modes.mesh !== undefined,
    source: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
    async run(ctx) {
      const mesh = meshOf(ctx);
      const serverMode = toldBy(mesh, mesh.policies.serverMode, "a server's mode");
      if (modes.mesh !== undefined) await refuseForeignDefault(ctx, mesh, serverMode);
      const fixture = await openMeshFixture(ctx);
      const policies = levelsOf(modes, mesh, fixture.namespaces.meshed).map(serverMode);
      ctx.attach('policies', JSON.stringify(policies, null, 2), 'application/json');
      await ctx.apply(...policies);
      const table = meshTable(fixture, ({ side }, port) => {
        const { port: ofPort, ...wider } = modes;
        const here = port === meshPorts.main ? { ...wider, port: ofPort } : wider;
        return expectedMesh({ client: side, server: fixture.serverSide, modes: here });
      });
      await expectMesh(ctx, fixture, 'the mode is in force', table);
    },
  }),
);

/** A mesh-wide policy that somebody made is somebody's protection; it is not replaced for a test. */
async function refuseForeignDefault(
  ctx: CaseContext,
  mesh: Mesh,
  serverMode: NonNullable<MeshPolicies['serverMode']>,
): Promise<void> {
  const namespace = rootNamespaceOf(mesh);
  const { apiVersion, kind, metadata } = serverMode({ namespace });
  const found = await ctx.kube.get({ apiVersion, kind, namespace, name: metadata.name ?? '' });
  if (found === undefined) return;
  throw new SkipError(`needs a mesh without a mesh-wide ${kind}; found: ${namespace}/${metadata.name}`);
}

function rootNamespaceOf(mesh: Mesh): string {
  return toldBy(mesh, mesh.policies.rootNamespace, 'the mode of the whole mesh');
}

function levelsOf(modes: MtlsModes, mesh: Mesh, namespace: string): ServerModeSpec[] {
  return (['mesh', 'namespace', 'workload'] as const).flatMap((level) => {
    const mode = modes[level];
    if (mode === undefined || mode === 'UNSET') return [];
    if (level === 'mesh') return [{ namespace: rootNamespaceOf(mesh), mode }];
    if (level === 'namespace') return [{ namespace, mode }];
    const ofPort =
      modes.port === undefined || modes.port === 'UNSET' ? {} : { ports: { [meshPorts.main]: modes.port } };
    return [{ namespace, selector: serverLabels, mode, ...ofPort }];
  });
}
