import { defineCase, feature } from '../../harness/case/define-case.ts';
import { expectedMesh } from '../../harness/oracle/mesh.ts';
import { expectMesh, meshTable } from './support/check.ts';
import { openMeshFixture } from './support/mesh-fixture.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { meshRights } from './support/rights.ts';

export const testCase = defineCase({
  id: 'mesh-server-without-proxy',
  area: 'mesh',
  touches: 'own',
  rights: meshRights,
  uses: [fleet],
  title: 'A server without proxy is reached in plaintext by meshed clients too',
  tags: ['mtls', 'control'],
  needs: [feature('Mesh')],
  source: 'https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls',
  async run(ctx) {
    const fixture = await openMeshFixture(ctx, { serverSide: 'plain' });
    const table = meshTable(fixture, ({ side }) => expectedMesh({ client: side, server: 'plain' }));
    await expectMesh(ctx, fixture, 'every client gets through', table);
  },
});
