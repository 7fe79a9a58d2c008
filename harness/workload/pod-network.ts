import { assertNone } from '../table/assertions.ts';
import { defineCase } from '../case/define-case.ts';
import { schedulableNodes } from './backends.ts';

/** Judged in every run that found a node on which pods get no network, whatever cases it was to run. */
export const podNetworkCase = defineCase({
  id: 'connectivity-pods-start',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  title: 'A new pod gets a network on every node, and its node reaches it',
  tags: ['every-node', 'cni'],
  source: 'https://github.com/containernetworking/cni/blob/main/SPEC.md',
  async run(ctx) {
    const troubles = ctx.cluster.info.nodes.flatMap(({ podTrouble }) => podTrouble ?? []);
    assertNone(troubles, 'nodes whose pods get no network');
    const namespace = await ctx.namespace();
    await ctx.agents(schedulableNodes(ctx).map((node, index) => ({ name: `new-${index}`, namespace, node })));
  },
});
