import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../harness/base/paths.ts';
import { junitXml } from '../junit.ts';
import { upgradeRun } from './fixture-upgrade.test-support.ts';
import { upgradeReport } from './fold.ts';
import { upgradeMarkdown } from './markdown.ts';
import { UpgradeReport } from './model.ts';
import { upgradeOpenMetrics } from './open-metrics.ts';
import { upgradePage } from './page.ts';
import { upgradeText } from './terminal.ts';

describe('the reports of an upgrade', () => {
  const run = upgradeRun();

  it('hold to the schema that is published', () => {
    const published: unknown = JSON.parse(readFileSync(join(projectRoot, 'docs', 'upgrade.schema.json'), 'utf8'));
    expect(z.toJSONSchema(UpgradeReport, { io: 'input' })).to.deep.equal(published);
    expect(UpgradeReport.parse(upgradeReport(run))).to.deep.equal(upgradeReport(run));
  });

  it('say first what the verdict is, and name path and window', () => {
    const text = upgradeText(run);
    expect(text.split('\n')[0]).to.equal('unsafe');
    expect(text).to.match(/worker -> Service web +ClusterIP +1 +2\.9 s/);
    expect(upgradeMarkdown(run))
      .to.match(/^## 🔴 unsafe/)
      .and.include('down 2.9 s from 12:00:30.000 (dropped: timeout x6)');
  });

  it('draw the window and the step, and count the paths that have none', () => {
    const page = upgradePage(run);
    expect(page).to.include('drain worker').and.include('1 more paths without a window');
    expect(page).to.match(/<title>TCP, new: down 2\.9 s from 12:00:30\.000/);
  });

  it('let nothing that a command line says become markup', () => {
    expect(upgradePage(run)).to.include('&lt;make&gt;').and.not.include('<make>');
    expect(upgradeMarkdown(run)).to.not.include('<make>');
  });

  it('are a failed test case for the path in JUnit', () => {
    expect(junitXml(run))
      .to.match(/upgrade-cluster-ip \[worker -&gt; Service web\]/)
      .and.include('longest window 2900 ms');
  });

  it('are gauges in OpenMetrics, with an end', () => {
    const text = upgradeOpenMetrics(run);
    expect(text).to.include('ordeal_upgrade_verdict{verdict="unsafe"} 1');
    expect(text).to.match(/ordeal_upgrade_downtime_longest_seconds\{[^}]*to="Service web"[^}]*\} 2\.9/);
    expect(text.endsWith('# EOF\n')).to.equal(true);
  });

  it('of a log that ends early claim no verdict', () => {
    const torn = { ...run, upgrade: run.upgrade.filter(({ type }) => type !== 'upgrade.verdict') };
    expect(upgradeText(torn).split('\n')[0]).to.equal('no verdict');
  });
});
