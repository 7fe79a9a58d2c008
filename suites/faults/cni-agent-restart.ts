import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { podKill } from '../../harness/fault/drivers/pod-kill.ts';
import { agentKill, cniAgent, cniAgentOn } from './support/cni.ts';
import { nodePair } from './support/nodes.ts';
import { podTable } from './support/tables.ts';
import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { expectUnnoticed, reportTraffic } from '../../harness/disruption/report.ts';
import { loopbackOf } from '../../harness/workload/loopback.ts';
import { Traffic } from '../../harness/disruption/traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

/** Long enough for an agent to flush its state, short enough not to be killed by a liveness probe. */
const graceSeconds = 5;

export const testCase = defineCase({
  id: 'faults-cni-agent-restart',
  area: 'faults',
  touches: beyondOwn('node', 'cni', 'the CNI agent of a node is killed'),
  rights: [agentKill],
  uses: [fleet],
  tier: 'extended',
  title: 'Connections between pods survive a restart of the CNI agent on a node',
  tags: ['cni-agent', 'downtime'],
  needs: [feature('MultiNode')],
  exclusive: true,
  source: 'https://docs.cilium.io/en/stable/operations/upgrade/',
  async run(ctx) {
    const pair = nodePair(ctx);
    const { workload } = cniAgent(ctx);
    const probe = reach(ctx, 'tcp', pair.server.ip, fleetPorts(ctx.use(fleet)).tcp);
    const spec = { target: probe, expect: { responders: [pair.server.name] }, loopback: loopbackOf(ctx) };
    const traffic = await Traffic.start(ctx, [pair.client], spec);
    const fault = await ctx.fault(podKill, { ...(await cniAgentOn(ctx, pair.near.name)), graceSeconds });
    await fault.inject();
    await ctx.step('the agent is back', () => ctx.kube.untilRolledOut(workload, ctx.timeouts.workloadReadyMs));
    await traffic.untilStable('traffic flows after the restart');
    const losses = reportTraffic(ctx, await traffic.stop());
    expectUnnoticed(losses, 'reused');
    await settleAndExpect(ctx, 'all paths are open after the restart', podTable(ctx, pair, false));
  },
});
