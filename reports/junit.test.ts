import { expect } from 'chai';
import fc from 'fast-check';
import { escapeXml, escapeXmlAttribute } from './escape.ts';
import { fixtureRun } from './fixture.test-support.ts';
import { junitXml } from './junit.ts';

const attribute = (tag: string, name: string): number => Number(new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1]);
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe('JUnit XML', () => {
  it('counts in its attributes what stands inside each suite', async () => {
    const xml = junitXml(await fixtureRun());
    const suites = xml.split('<testsuite ').slice(1);
    expect(suites).to.have.length(7);
    for (const suite of suites) {
      expect(attribute(suite, 'tests')).to.equal(count(suite, /<testcase /g));
      expect(attribute(suite, 'failures')).to.equal(count(suite, /<failure /g));
      expect(attribute(suite, 'errors')).to.equal(count(suite, /<error /g));
      expect(attribute(suite, 'skipped')).to.equal(count(suite, /<skipped /g));
    }
  });

  it('agrees with the exit code: known failures and unsupported cases are no failures', async () => {
    const passed = {
      'networkpolicy-case-07': 'passed',
      'networkpolicy-case-19': 'passed',
      'faults-case-06': 'passed',
    } as const;
    const xml = junitXml(await fixtureRun({ outcomes: passed }));
    expect(count(xml, /<failure |<error /g)).to.equal(0);
    expect(xml).to.match(/<skipped message="known failure: /);
    expect(xml).to.match(/<skipped message="unsupported: needs Mesh; found: no mesh was installed/);
    expect(xml).to.contain('unexpected pass: the baseline expects');
  });

  it('carries message, trace and diff table of a failure', async () => {
    const xml = junitXml(await fixtureRun());
    const failure = xml.split('<testcase name="networkpolicy-case-07').at(1)?.split('</testcase>').at(0) ?? '';
    expect(failure)
      .to.contain('message="2 of 9 cells differ')
      .and.contain('AssertionError')
      .and.contain('--- table after')
      .and.contain('y/a -&gt; x/b TCP 80: expected dropped, measured open');
  });

  it('is never an empty green list when the run broke before any case', async () => {
    const xml = junitXml(await fixtureRun({ failedStep: 'create nodes' }));
    expect(xml).to.match(/<testsuites [^>]*tests="1" failures="0" errors="1"/);
    expect(xml).to.contain('set-up failed: create nodes: kind said no');
  });
});

describe('XML escaping', () => {
  const legal = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
  const nasty = fc.constantFrom('<', '>', '"', '&', '\t', '\n', '\u0000', '\u001b', '\ud800', '\uffff', 'é');
  it('leaves nothing that XML cannot hold and nothing that could end its place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: nasty })), (text) => {
        expect(escapeXml(text)).to.match(legal).and.not.match(/[<>"]/);
        expect(escapeXmlAttribute(text))
          .to.match(legal)
          .and.not.match(/[<>"\n\r\t]/);
      }),
    );
    expect(escapeXml('\ud800x')).to.equal('\\ud800x');
  });

  it('changes no ordinary text', () => {
    fc.assert(
      fc.property(
        fc.string().map((text) => text.replaceAll(/[&<>"']/g, '')),
        (text) => {
          expect(escapeXml(text)).to.equal(text);
        },
      ),
    );
  });
});
