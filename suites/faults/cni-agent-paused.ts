import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { pause } from '../../harness/fault/drivers/pause.ts';
import { agentPause } from './support/cni.ts';
import { nodePair } from './support/nodes.ts';
import { startPolicyFixture } from './support/policy.ts';
import { expectAsWanted, measure, observe } from '../../harness/table/checks.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { policyRights } from '../../harness/workload/rights.ts';

const needs = [feature('NetworkPolicy'), feature('NodeAccess'), feature('MultiNode')];
const tags = ['cni-agent', 'networkpolicy', 'stale'];
const touches = beyondOwn('node', 'cni', 'the CNI agent of a node is paused');
const shared = {
  area: 'faults',
  touches,
  rights: [policyRights],
  uses: [fleet],
  tier: 'extended',
  tags,
  needs,
  exclusive: true,
} as const;
const source = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';

const keepsEnforcing = defineCase({
  ...shared,
  id: 'faults-cni-agent-paused-keeps-policy',
  title: 'A policy in force stays in force while the CNI agent hangs',
  source,
  async run(ctx) {
    const pair = nodePair(ctx);
    const fixture = await startPolicyFixture(ctx, pair);
    await ctx.apply(fixture.policy);
    await settleAndExpect(ctx, 'the policy is in force', fixture.checks(true));
    const fault = await ctx.fault(pause, agentPause(ctx, pair.near.name));
    await fault.inject();
    expectAsWanted(await observe(fixture.checks(true)));
    await fault.revert();
    await settleAndExpect(ctx, 'the policy is in force after the agent resumed', fixture.checks(true));
  },
});

const catchesUp = defineCase({
  ...shared,
  id: 'faults-cni-agent-paused-catches-up',
  title: 'A policy created while the CNI agent hangs is in force once it resumes',
  source,
  async run(ctx) {
    const pair = nodePair(ctx);
    const fixture = await startPolicyFixture(ctx, pair);
    await settleAndExpect(ctx, 'both clients get through without a policy', fixture.checks(false));
    const fault = await ctx.fault(pause, agentPause(ctx, pair.near.name));
    await fault.inject();
    await ctx.apply(fixture.policy);
    const [, stranger] = await measure(fixture.checks(true));
    ctx.parameter('unwanted client while the agent hangs', stranger?.result.verdict ?? 'not measured');
    await fault.revert();
    await settleAndExpect(ctx, 'the policy is in force after the agent resumed', fixture.checks(true));
  },
});

export const cases = [keepsEnforcing, catchesUp];
