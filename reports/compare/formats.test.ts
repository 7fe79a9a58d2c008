import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../harness/base/paths.ts';
import { runMetrics } from '../../harness/events/run-metrics.ts';
import { compare, figuresOf } from './compare.ts';
import { rounds } from './compared.test-support.ts';
import { renderComparison } from './formats.ts';
import { Comparison } from './model.ts';

const [plain, hostile] = ['plain', `<script>|"evil"\\`];
const runs = [
  ...rounds(plain, 'policy_effect', [10, 11, 12, 13]),
  ...rounds(hostile, 'policy_effect', [20, 21, 22, 23]),
];
const comparison = compare(figuresOf(runs, runMetrics), { rule: { resamples: 200 } });

describe('formats of a comparison', () => {
  it('have a published schema (npm run docs:comparison renews it), which the JSON keeps', () => {
    const published: unknown = JSON.parse(readFileSync(join(projectRoot, 'docs', 'comparison.schema.json'), 'utf8'));
    expect(published).to.deep.equal(z.toJSONSchema(Comparison));
    expect(Comparison.parse(JSON.parse(renderComparison(comparison, 'json')))).to.deep.equal(comparison);
  });

  it('tell figures, interval and verdict as text and as Markdown', () => {
    for (const format of ['terminal', 'markdown'] as const) {
      expect(renderComparison(comparison, format)).to.match(/11\.5 ms → 21\.5 ms.*\+87 % \[.*worse/);
    }
  });

  it('hold every value as CSV', () => {
    expect(renderComparison(comparison, 'csv').trim().split('\n')).to.have.lengthOf(1 + runs.length);
  });

  it('are OpenMetrics: families once, labels quoted, an end', () => {
    const lines = renderComparison(comparison, 'openmetrics').split('\n');
    expect(lines.slice(-2)).to.deep.equal(['# EOF', '']);
    const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
    for (const sample of samples) expect(sample).to.match(/^[a-z_]+\{(\w+="(\\.|[^"\\])*",?)+\} -?[\d.e-]+$/);
    expect(lines.filter((line) => line.startsWith('# TYPE'))).to.have.lengthOf(3);
  });

  it('are a page that fetches nothing and runs nothing, with a chart per difference and metric', () => {
    const page = renderComparison(comparison, 'html');
    expect(page).to.not.match(/<script|src=|href=|NaN|undefined/);
    expect(page).to.contain('&lt;script&gt;');
    expect(page.match(/<svg/g)).to.have.lengthOf(2);
  });

  it('say that hosts differ', () => {
    const [first, second] = comparison.subjects;
    expect(first).to.not.equal(second);
    expect(renderComparison({ ...comparison, sameHost: false }, 'terminal')).to.contain('different machines');
  });
});
