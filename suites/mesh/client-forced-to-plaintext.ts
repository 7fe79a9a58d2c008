import { defineCase, feature } from '../../harness/case/define-case.ts';
import { expectedMesh } from '../../harness/oracle/mesh.ts';
import { expectMesh, meshTable } from './support/check.ts';
import { meshOf, openMeshFixture, toldBy } from './support/mesh-fixture.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { meshRights } from './support/rights.ts';

export const testCase = defineCase({
  id: 'mesh-client-forced-to-plaintext',
  area: 'mesh',
  touches: 'own',
  rights: meshRights,
  uses: [fleet],
  title: 'A STRICT server turns away a meshed client that was told to speak plaintext',
  tags: ['mtls', 'destination-rule'],
  needs: [feature('Mesh')],
  source: 'https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/',
  async run(ctx) {
    const mesh = meshOf(ctx);
    const serverMode = toldBy(mesh, mesh.policies.serverMode, "a server's mode");
    const clientPlaintext = toldBy(mesh, mesh.policies.clientPlaintext, 'to speak plaintext');
    const fixture = await openMeshFixture(ctx);
    const { meshed } = fixture.namespaces;
    const modes = { namespace: 'STRICT' } as const;
    const tableFor = (clientTls?: 'off') =>
      meshTable(fixture, ({ side }) =>
        expectedMesh({ client: side, server: 'meshed', modes, ...(clientTls === undefined ? {} : { clientTls }) }),
      );
    await ctx.apply(serverMode({ namespace: meshed, mode: 'STRICT' }));
    // A server that turned everyone away would pass what follows: meshed clients get through until told otherwise.
    await expectMesh(ctx, fixture, 'the STRICT server answers meshed clients', tableFor());
    await ctx.apply(clientPlaintext(meshed, fixture.host));
    await expectMesh(ctx, fixture, 'nobody gets through in plaintext', tableFor('off'));
  },
});
