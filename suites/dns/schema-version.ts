import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { ask } from '../../harness/table/dns-queries.ts';
import { describeSeen, measure } from '../../harness/table/checks.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'dns-schema-version',
  area: 'dns',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'The cluster domain states the version of the DNS schema it follows',
  tags: ['txt'],
  source: 'DNS specification 2.2',
  async run(ctx) {
    const name = `dns-version.${ctx.cluster.info.clusterDomain}`;
    const checks = ctx.use(fleet).agents.map((from) => ({ from, probe: ask(ctx, 'TXT', name) }));
    for (const seen of await measure(checks)) {
      const version = seen.result.dns?.answers.join(' ') ?? '';
      expect(version, `${describeSeen(seen)}, schema version`).to.match(/^\d+\.\d+\.\d+$|^\d+\.\d+$/);
      ctx.parameter('DNS schema version', version);
    }
  },
});
