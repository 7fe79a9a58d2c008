import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fixtureFolder, fixtureRun } from '../fixture.test-support.ts';
import type { FixtureOptions } from '../fixture.test-support.ts';
import { writeAllureResults } from './write.ts';

const Named = z.object({ name: z.string(), value: z.string(), excluded: z.boolean().optional() });
const Step = z.object({ name: z.string(), status: z.string(), start: z.int(), stop: z.int() });
const Result = z.object({
  uuid: z.uuid(),
  historyId: z.string().regex(/^[0-9a-f]{32}$/),
  testCaseId: z.string().regex(/^[0-9a-f]{32}$/),
  fullName: z.string(),
  name: z.string(),
  status: z.enum(['passed', 'failed', 'broken', 'skipped']),
  statusDetails: z.object({ message: z.string().optional(), trace: z.string().optional() }),
  stage: z.literal('finished'),
  start: z.int(),
  stop: z.int(),
  steps: z.array(Step),
  attachments: z.array(z.object({ name: z.string(), type: z.string(), source: z.string() })),
  parameters: z.array(Named),
  labels: z.array(Named),
});
type Result = z.infer<typeof Result>;
const Category = z.object({ name: z.string(), matchedStatuses: z.array(z.string()), messageRegex: z.string() });

async function written(options: FixtureOptions = {}): Promise<{ folder: string; results: Map<string, Result> }> {
  const folder = join(await fixtureFolder(), 'allure-results');
  writeAllureResults(await fixtureRun(options), folder);
  const files = readdirSync(folder).filter((name) => name.endsWith('-result.json'));
  const results = files.map((name) => Result.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  return { folder, results: new Map(results.map((result) => [result.fullName.split('.').at(-1) ?? '', result])) };
}

describe('Allure results', () => {
  it('hold one well-formed result per case, with files for all attachments', async () => {
    const { folder, results } = await written();
    expect(results.size).to.equal(75);
    for (const { attachments, start, stop } of results.values()) {
      expect(stop).to.be.at.least(start);
      for (const { source } of attachments) expect(existsSync(join(folder, source)), source).to.equal(true);
    }
  });

  it('say all statuses through status and message', async () => {
    const { results } = await written();
    const said = (id: string) => [results.get(id)?.status, results.get(id)?.statusDetails.message?.split(':')[0]];
    expect(said('networkpolicy-case-07')).to.deep.equal(['failed', 'Failed']);
    expect(said('services-case-05')).to.deep.equal(['failed', 'Known failure']);
    expect(said('dns-case-02')).to.deep.equal(['passed', 'Unexpected pass']);
    expect(said('faults-case-06')).to.deep.equal(['broken', 'Inconclusive']);
    expect(said('mesh-case-01')).to.deep.equal(['skipped', 'Unsupported']);
    expect(said('connectivity-case-04')).to.deep.equal(['skipped', 'Skipped']);
    expect(said('dns-case-01')).to.deep.equal(['passed', undefined]);
  });

  it('put every case that needs attention into exactly one category', async () => {
    const { folder, results } = await written({ killedIn: 'networkpolicy-case-20' });
    const text = readFileSync(join(folder, 'categories.json'), 'utf8');
    const categories = z.array(Category).parse(JSON.parse(text));
    for (const { status, statusDetails, fullName } of results.values()) {
      const matches = categories.filter(
        ({ matchedStatuses, messageRegex }) =>
          matchedStatuses.includes(status) &&
          new RegExp(`^(?:${messageRegex})$`, 's').test(statusDetails.message ?? ''),
      );
      expect(matches.length, fullName).to.equal(statusDetails.message === undefined ? 0 : 1);
    }
  });

  it('keep the identity of a case from run to run, and apart from CNI to CNI', async () => {
    const ids = ({ results }: { results: Map<string, Result> }) =>
      [...results.values()].map(({ historyId, testCaseId, fullName, name }) => ({
        historyId,
        testCaseId,
        fullName,
        name,
      }));
    const byName = (a: { fullName: string }, b: { fullName: string }) => a.fullName.localeCompare(b.fullName);
    const first = ids(await written({ runId: 'one' })).sort(byName);
    const second = ids(await written({ runId: 'two', cniVersion: 'v3.29.0' })).sort(byName);
    expect(second).to.deep.equal(first);
    const other = ids(await written({ cni: 'cilium' })).sort(byName);
    expect(other.map((one) => one.testCaseId)).to.deep.equal(first.map((one) => one.testCaseId));
    expect(other.some((one, index) => one.historyId === first[index]?.historyId)).to.equal(false);
    expect(JSON.stringify(first)).not.to.contain('one"');
  });

  it('exclude every volatile parameter', async () => {
    const { results } = await written();
    const kept = new Set(
      [...results.values()]
        .flatMap((result) => result.parameters.filter((one) => one.excluded !== true))
        .map(({ name }) => name),
    );
    expect([...kept]).to.deep.equal(['case', 'CNI', 'mesh']);
  });

  it('show bring-up as set-up of all cases, and a run that broke as a broken result', async () => {
    const { folder, results } = await written({ failedStep: 'create nodes' });
    expect([...results.values()].map(({ status, statusDetails }) => [status, statusDetails.message])).to.deep.equal([
      ['broken', 'Run: set-up failed: create nodes: kind said no'],
    ]);
    const container = readdirSync(folder).find((name) => name.endsWith('-container.json')) ?? '';
    expect(readFileSync(join(folder, container), 'utf8')).to.contain('"name":"create nodes","status":"failed"');
  });

  it('tell set-up from tear-down, and neither from the step that runs the cases', async () => {
    const { folder } = await written();
    const file = readdirSync(folder).find((name) => name.endsWith('-container.json')) ?? '';
    const Fixtures = z.array(z.object({ name: z.string(), steps: z.array(z.object({ name: z.string() })) }));
    const container = z.object({ befores: Fixtures, afters: Fixtures });
    const { befores, afters } = container.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    expect(befores.map(({ name, steps }) => [name, steps.length])).to.deep.equal([['bring-up', 8]]);
    expect(afters.flatMap(({ steps }) => steps.map(({ name }) => name))).to.deep.equal(['destroy cluster']);
  });
});
