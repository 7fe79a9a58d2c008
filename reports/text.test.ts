import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { conformanceYaml } from './conformance.ts';
import { fixtureRun } from './fixture.test-support.ts';
import { duration, oneLine, printable, shellWord, textTable } from './format.ts';
import { matrixPage } from './html/comparison-page.ts';
import { html } from './html/markup.ts';
import { runPage } from './html/run-page.ts';
import { differs, matrixOf, matrixText } from './comparison.ts';
import { ansiPaint, paintFor } from './paint.ts';
import { isSelection, reproduceCommand } from './subject.ts';
import { spread } from './spreads.ts';
import { terminalSummary } from './terminal.ts';

describe('terminal summary', () => {
  it('shows failures with their tables, groups what was not judged, and ends with the verdict and next commands', async () => {
    const text = terminalSummary(await fixtureRun(), { folder: 'ordeal-results/r1' });
    expect(text).to.contain('FAILED networkpolicy-case-07').and.contain('X>.');
    expect(text, 'why each cell is wrong').to.contain(
      'y/a -> x/b TCP 80: expected dropped, measured open (dropped: ingress isolated by `deny-all` in x)',
    );
    expect(text, 'tables that agree').not.to.contain('after "applied"');
    expect(text).to.match(/networkpolicy: table after a step +26 /);
    expect(text).to.match(/8 cases {2}unsupported: needs Mesh/);
    expect(text).to.contain('DOES NOT CONFORM (exit code 1): 2 cases failed');
    expect(text).to.contain('npx ordeal report ordeal-results/r1');
    expect(text.indexOf('Time to settle')).to.be.below(text.indexOf('DOES NOT CONFORM'));
  });

  it('lets no control character of a pod reach the terminal, and colours only when told', async () => {
    const run = await fixtureRun();
    const controls = (text: string): RegExpMatchArray | null => text.match(/[\p{Cc}--\n]/gv);
    expect(controls(terminalSummary(run))).to.equal(null);
    const painted = terminalSummary(run, { paint: ansiPaint });
    expect(new Set(controls(painted))).to.deep.equal(new Set(['\u001b']));
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'x')).to.equal('x');
  });

  it('has a column for every status that occurs, and only for usual ones besides', async () => {
    const head = (text: string): string => text.split('\n').find((line) => line.startsWith('area')) ?? '';
    const row = (text: string): string => text.split('\n').find((line) => line.startsWith('services')) ?? '';
    const whole = terminalSummary(await fixtureRun());
    expect(head(whole)).to.contain('known failure').and.not.to.contain('not run');
    expect(row(whole)).to.match(/^services +11 +0 +0 +0 +0 +1 +0 /);
    expect(head(terminalSummary(await fixtureRun({ killedIn: 'services-case-03' })))).to.contain('not run');
  });
});

describe('HTML page', () => {
  it('is whole by itself: nothing is fetched, nothing runs', async () => {
    for (const page of [
      runPage(await fixtureRun()),
      matrixPage([await fixtureRun(), await fixtureRun({ cni: 'cilium' })]),
    ]) {
      expect(page).not.to.match(/<script|<link|<img|@import|url\(|src=|href=/);
    }
  });

  it('escapes everything that is not markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', '&', "'", 'a', '\n', '\u0000') }), (text) => {
        const inside = html`<b title="${text}">${[text]}</b>`.html;
        expect(inside.match(/</g)).to.have.length(2);
        expect(inside.match(/"/g)).to.have.length(2);
      }),
    );
  });
});

describe('matrix of several runs', () => {
  it('shows a missing case as missing, never as a pass or a failure', async () => {
    const whole = await fixtureRun();
    const part = await fixtureRun({ cni: 'cilium', without: ['dns-case-01'] });
    const dead = await fixtureRun({ runId: 'dead', failedStep: 'create nodes' });
    const { columns, rows } = matrixOf([whole, part, dead]);
    expect(columns).to.deep.equal(['calico v3.28.5', 'cilium v3.28.5', 'dead']);
    expect(rows.find(({ id }) => id === 'dns-case-01')?.cells).to.deep.equal(['passed', 'absent', 'absent']);
    expect(rows.every(differs)).to.equal(true);
    expect(matrixText([whole, part]))
      .to.match(/dns-case-01 +passed +-\n/)
      .and.contain('nothing is claimed');
  });

  it('tells runs of the same network apart', async () => {
    const { columns } = matrixOf([await fixtureRun({ runId: 'a' }), await fixtureRun({ runId: 'b' })]);
    expect(columns).to.deep.equal(['calico v3.28.5 (a)', 'calico v3.28.5 (b)']);
  });
});

describe('cases left out by default', () => {
  it('are told in every report a person or a publisher reads', async () => {
    const leftOut = [{ cases: 90, why: 'left out by default; --all runs them' }];
    const run = { ...(await fixtureRun()), leftOut };
    expect(terminalSummary(run)).to.contain(' 90 cases  left out by default');
    expect(runPage(run)).to.contain('left out by default').and.contain('90 cases');
    expect(parse(conformanceYaml(run))).to.deep.include({ mode: 'default', leftOut });
    expect(parse(conformanceYaml(await fixtureRun()))).to.deep.include({ mode: 'complete' });
  });
});

describe('reproduce command', () => {
  it('repeats the network that was tested and drops what no longer holds', async () => {
    const run = { ...(await fixtureRun()), argv: ['run', '--cni', 'flannel,calico', '--out', 'x', '--include=dns-*'] };
    expect(reproduceCommand(run)).to.equal("npx ordeal run '--include=dns-*' --cni calico");
    expect(reproduceCommand(run, ['a', 'b'])).to.equal('npx ordeal run --cni calico --include a,b');
    expect(isSelection(run)).to.equal(true);
    expect(isSelection({ argv: ['run', '--cni', 'calico'] })).to.equal(false);
  });
});

describe('formatting', () => {
  it('gives quantiles that were really measured, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: 0 }), { minLength: 1 }), (values) => {
        const { percentiles, max } = spread('x', 'ms', values);
        const { p50 = Number.NaN, p90 = max } = percentiles;
        expect(values).to.include.members([p50, p90, max]);
        expect(p50 <= p90 && p90 <= max).to.equal(true);
        expect(percentiles.p90 === undefined).to.equal(values.length < 100);
        expect(values.filter((value) => value <= p50).length * 2).to.be.at.least(values.length);
      }),
    );
  });

  it('says durations without ever saying 60 seconds', () => {
    expect([0, 0.42, 12, 999.6, 3210, 59_949, 59_960, 245_000].map(duration)).to.deep.equal([
      '0 ms',
      '0.4 ms',
      '12 ms',
      '1.0 s',
      '3.2 s',
      '59.9 s',
      '1 m 00 s',
      '4 m 05 s',
    ]);
  });

  it('aligns tables, cuts lines and quotes words', () => {
    expect(
      textTable(
        [
          ['a', '1'],
          ['long', '22'],
        ],
        new Set([1]),
      ),
    ).to.equal('a      1\nlong  22');
    expect(oneLine('a\n  b c', 4)).to.equal('a b…');
    expect(shellWord("it's")).to.equal(`'it'\\''s'`);
    expect(printable('a\u001b[2J\u009bx\n')).to.equal('a\\x1b[2J\\x9bx\n');
  });
});
