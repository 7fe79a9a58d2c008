import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import { closed, open, type Check } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { policyRights } from '../../harness/workload/rights.ts';

const port = 8090;
const name = 'server';

interface SctpCase {
  readonly name: string;
  readonly title: string;
  /** Protocols the one rule admits on the port; absent: no policy. */
  readonly admits: readonly ('TCP' | 'SCTP')[] | undefined;
}

/** Grids ask TCP and UDP: an SCTP probe starts a process, and hundreds a table would drown the machine. */
const sctpCases: readonly SctpCase[] = [
  { name: 'open', title: 'Without a policy SCTP gets through', admits: undefined },
  { name: 'denied', title: 'A default deny lets no SCTP through', admits: [] },
  { name: 'admitted', title: 'A rule for SCTP admits SCTP and leaves TCP isolated', admits: ['SCTP'] },
  { name: 'tcp-only', title: 'A rule for TCP on the same port leaves SCTP isolated', admits: ['TCP'] },
];

async function checksOf(ctx: CaseContext, namespace: string, admits: SctpCase['admits']): Promise<Check[]> {
  const ports = (['TCP', 'SCTP'] as const).map((protocol) => ({ port, protocol, name: protocol.toLowerCase() }));
  const spec = (role: string) => ({ name: role, namespace, labels: { role }, ports });
  const [server, client] = await ctx.agents([spec(name), spec('client')]);
  if (server === undefined || client === undefined) throw new InconclusiveError('two agents were asked for');
  const want = (protocol: 'TCP' | 'SCTP') => (admits?.includes(protocol) === false ? closed : open(name));
  const own = (['tcp', 'sctp'] as const).map((kind) => ({ from: server, probe: reach(ctx, kind, server.ip, port) }));
  return [
    { from: client, probe: reach(ctx, 'tcp', server.ip, port), want: want('TCP') },
    { from: client, probe: reach(ctx, 'sctp', server.ip, port), want: want('SCTP') },
    // A pod always reaches itself: it is listening that makes a refusal the policy's.
    ...own.map((check) => ({ ...check, want: open(name) })),
  ];
}

function policyOf(namespace: string, admits: readonly string[]) {
  const rules = admits.length === 0 ? [] : [{ ports: admits.map((protocol) => ({ protocol, port })) }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'sctp', namespace },
    spec: { podSelector: { matchLabels: { role: name } }, policyTypes: ['Ingress'], ingress: rules },
  };
}

function sctpCase({ name: id, title, admits }: SctpCase): CaseDefinition {
  return defineCase({
    id: `networkpolicy-sctp-${id}`,
    title,
    area: 'networkpolicy',
    touches: 'own',
    rights: [policyRights],
    tier: 'extended',
    tags: ['sctp'],
    needs: [feature('NetworkPolicy'), feature('SCTP')],
    source: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/614-SCTP-support',
    run: async (ctx) => {
      const namespace = await ctx.namespace();
      const checks = await checksOf(ctx, namespace, admits);
      if (admits !== undefined) await ctx.apply(policyOf(namespace, admits));
      await settleAndExpect(ctx, 'TCP and SCTP on one port', checks);
    },
  });
}

export const cases = sctpCases.map(sctpCase);
