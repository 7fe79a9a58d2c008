import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { pairs } from './support/addresses.ts';
import { open, type Check } from '../../harness/table/checks.ts';
import { largestDatagram, mtuOf } from './support/mtu.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const fragmentedBytes = [8 * 1024, 32 * 1024];
const streamBytes = 1024 * 1024;
const smallestMtu = 1280;

export const cases = [
  defineCase({
    id: 'connectivity-mtu',
    area: 'connectivity',
    touches: 'own',
    rights: [],
    uses: [fleet],
    title: "A datagram as large as the pod's MTU promises, which nobody may fragment, arrives on every path",
    tags: ['mtu', 'udp'],
    needs: [feature('MultiNode', 'encapsulation shrinks the path between nodes')],
    source: 'RFC 1191; https://docs.tigera.io/calico/latest/networking/configuring/mtu',
    async run(ctx) {
      const mtus = new Map<Agent, number>();
      for (const agent of ctx.use(fleet).agents) mtus.set(agent, await mtuOf(ctx, agent));
      const checks = pairs(ctx.use(fleet).agents, () => true).map(([from, to]) => {
        // The answer carries as many bytes as the question: the smaller MTU bounds both.
        const mtu = Math.min(mtus.get(from) ?? 0, mtus.get(to) ?? 0);
        // Without the bit an MTU hole that a router tells of would heal after the first loss: the rest goes in pieces.
        return udp(ctx, from, to, largestDatagram(mtu, to.ip), { dontFragment: true });
      });
      for (const [agent, mtu] of mtus) {
        expect(mtu, `MTU of ${agent.name} on ${agent.node}`).to.be.at.least(smallestMtu);
        ctx.measure('pod_mtu', mtu, 'bytes', { node: agent.node });
      }
      await settleAndExpect(ctx, 'datagrams of full MTU arrive', checks);
    },
  }),
  defineCase({
    id: 'connectivity-fragments',
    area: 'connectivity',
    touches: 'own',
    rights: [],
    uses: [fleet],
    title: 'Fragmented datagrams arrive whole, on every path and in both directions',
    tags: ['mtu', 'udp', 'fragments', 'large'],
    source: 'RFC 791 section 3.2; e2e: Networking Granular Checks: should be able to handle large requests: udp',
    async run(ctx) {
      const checks = pairs(ctx.use(fleet).agents, () => true).flatMap(([from, to]) =>
        fragmentedBytes.map((bytes) => udp(ctx, from, to, bytes)),
      );
      await settleAndExpect(ctx, 'fragmented datagrams arrive', checks);
    },
  }),
  defineCase({
    id: 'connectivity-large-stream',
    area: 'connectivity',
    touches: 'own',
    rights: [],
    uses: [fleet],
    title: 'A mebibyte travels over TCP and back on every path: no segment is too large for it',
    tags: ['mtu', 'tcp', 'large'],
    source:
      'RFC 1191 (black hole detection); e2e: Networking Granular Checks: should be able to handle large requests: http',
    async run(ctx) {
      const { tcp } = fleetPorts(ctx.use(fleet));
      const checks = pairs(ctx.use(fleet).agents, () => true).map(([from, to]) => {
        const probe = { ...reach(ctx, 'tcp', to.ip, tcp, streamBytes), timeoutMs: ctx.timeouts.transferMs };
        return { from, probe, want: open(to.name) };
      });
      const seen = await settleAndExpect(ctx, 'large streams arrive', checks);
      for (const { check, result } of seen) {
        ctx.measure('mebibyte_echo', result.elapsedUs, 'us', {
          from: check.from.name,
          to: result.responder ?? '',
        });
      }
    },
  }),
];

function udp(ctx: CaseContext, from: Agent, to: Agent, payloadBytes: number, more = {}): Check {
  const target = { host: to.ip, port: fleetPorts(ctx.use(fleet)).udp, timeoutMs: ctx.timeouts.connectMs };
  return { from, probe: { kind: 'udp', ...target, payloadBytes, ...more }, want: open(to.name) };
}
