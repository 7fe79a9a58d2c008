import { defineCase, feature } from '../../harness/case/define-case.ts';
import { expectedMesh } from '../../harness/oracle/mesh.ts';
import { expectMesh, meshTable } from './support/check.ts';
import { openMeshScene } from './support/mesh-fixture.ts';

export const testCase = defineCase({
  id: 'mesh-server-without-proxy',
  area: 'mesh',
  title: 'A server without proxy is reached in plaintext by meshed clients too',
  tags: ['mtls', 'control'],
  needs: [feature('Mesh')],
  source: 'https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls',
  async run(ctx) {
    const scene = await openMeshScene(ctx, { serverSide: 'plain' });
    const table = meshTable(scene, ({ side }) => expectedMesh({ client: side, server: 'plain' }));
    await expectMesh(ctx, scene, 'every client gets through', table);
  },
});
