import { expect } from 'chai';
import type { Caller } from '../../clusters/mesh-product.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { seenBy } from './support/answer.ts';
import { meshOf, meshPorts, openMeshFixture, toldBy, serverLabels, type MeshFixture } from './support/mesh-fixture.ts';
import { settleTwice } from '../../harness/table/settle-checks.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { meshRights } from './support/rights.ts';

const accounts = ['alice', 'bob'] as const;
const forbidden = 'HTTP 403';

interface IdentityCase {
  readonly action: 'ALLOW' | 'DENY';
  readonly title: string;
  /** What each client must see once the policy names alice. */
  readonly want: Readonly<Record<(typeof accounts)[number] | 'plain', string>>;
}

const identityCases: readonly IdentityCase[] = [
  {
    action: 'ALLOW',
    title: 'Only the identity a policy allows gets through; others and the one without identity get 403',
    want: { alice: 'open', bob: forbidden, plain: forbidden },
  },
  {
    action: 'DENY',
    title: 'The identity a policy denies gets 403; others and the one without identity get through',
    want: { alice: forbidden, bob: 'open', plain: 'open' },
  },
];

export const cases = identityCases.map(({ action, title, want }) =>
  defineCase({
    id: `mesh-authorization-${action.toLowerCase()}-principal`,
    area: 'mesh',
    touches: 'own',
    rights: meshRights,
    uses: [fleet],
    title,
    tags: ['identity', 'authorization'],
    needs: [feature('Mesh')],
    source: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
    async run(ctx) {
      const mesh = meshOf(ctx);
      const authorization = toldBy(mesh, mesh.policies.authorization, 'who may call');
      const fixture = await openMeshFixture(ctx, { accounts });
      const all = { alice: 'open', bob: 'open', plain: 'open' };
      await ctx.settle('everyone gets through without a policy', () => differs(fixture, all));
      await expectIdentities(ctx, fixture);
      const policies = authorization({
        ...{ namespace: fixture.namespaces.meshed, action, selector: serverLabels },
        ...{ callers: [caller(ctx, fixture, 'alice')], ports: [meshPorts.main] },
      });
      await ctx.apply(...toldBy(mesh, policies, `to ${action}`));
      // A proxy's threads take a new policy one after the other, and a connection may meet one that has yet to.
      await settleTwice(ctx, 'the policy is in force', () => differs(fixture, want));
    },
  }),
);

function caller(ctx: CaseContext, { namespaces }: MeshFixture, account: string): Caller {
  return { trustDomain: ctx.cluster.info.clusterDomain, namespace: namespaces.meshed, account };
}

async function differs(fixture: MeshFixture, want: Readonly<Record<string, string>>): Promise<string | undefined> {
  for (const { name, seen } of await askAll(fixture)) {
    const wanted = want[name] ?? 'nothing';
    if (seen.verdict !== wanted) return `${name} saw ${seen.verdict}, wanted ${wanted}`;
  }
  return undefined;
}

async function askAll(fixture: MeshFixture) {
  return Promise.all(
    fixture.clients.map(async ({ agent }) => {
      const [result] = await agent.probe([fixture.ask(meshPorts.main)]);
      if (result === undefined || result.verdict === 'inconclusive') {
        throw new InconclusiveError(`${agent.name} could not ask: ${result?.error ?? 'no result'}`);
      }
      return { name: agent.name.replace('meshed-', ''), seen: seenBy(result, fixture.mesh.identity) };
    }),
  );
}

/** The identity is the ServiceAccount's, and nobody without a proxy has one. */
async function expectIdentities(ctx: CaseContext, fixture: MeshFixture): Promise<void> {
  for (const { name, seen } of await askAll(fixture)) {
    const wanted = name === 'plain' ? undefined : fixture.mesh.identity.of(caller(ctx, fixture, name));
    expect(seen.identity, `identity of ${name} at the server: ${seen.identity ?? 'none'}`).to.equal(wanted);
  }
}
