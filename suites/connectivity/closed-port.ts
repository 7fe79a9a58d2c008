import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { pairs } from './support/addresses.ts';
import { refused, type Check } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const unserved = 8199;

export const testCase = defineCase({
  id: 'connectivity-closed-port',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'A port nobody serves is refused at once, over TCP and UDP: answers come back, nothing is swallowed',
  tags: ['pod-to-pod', 'negative'],
  source: 'RFC 9293 section 3.5.2; RFC 1122 section 3.2.2.1',
  async run(ctx) {
    const checks = pairs(ctx.use(fleet).agents, () => true).flatMap(([from, to]): Check[] => [
      { from, probe: reach(ctx, 'tcp', to.ip, unserved), want: refused },
      { from, probe: reach(ctx, 'udp', to.ip, unserved), want: refused },
    ]);
    await settleAndExpect(ctx, 'closed ports are refused', checks);
  },
});
