import { expect } from 'chai';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodeFor } from './exit-code.ts';
import { loadRun } from './reader.ts';

const sample = join(import.meta.dirname, 'version-1.sample.ndjson');

/** The same run as version 2 writes it. */
const today: Readonly<Record<string, (event: Record<string, unknown>) => object>> = {
  'run.started': (event) => ({ ...event, logVersion: 2, command: 'run', leftOut: [event['leftOut']] }),
  environment: (event) => ({ ...event, type: 'cluster', id: 'ordeal-1' }),
  fault: ({ id, fault, ...rest }) => ({ ...rest, faultId: 'dns-a:partition', driver: fault, caseId: id }),
};
const measures = [
  { metric: 'settle_time', labels: { what: 'table after "deny 3"', kind: 'table after "…"' } },
  { metric: 'settle_relapses', labels: { what: 'all answer' } },
  { metric: 'downtime.longest', labels: { client: 'worker' } },
  { metric: 'm_1_mib_there_and_back', labels: {} },
];

describe('a log of version 1', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ordeal-v1-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('folds to the same record as version 2 that means the same', async () => {
    const left = [...measures];
    const lines = readFileSync(sample, 'utf8').trimEnd().split('\n');
    const translated = lines.map((line) => {
      const event = JSON.parse(line) as Record<string, unknown> & { type: string };
      if (event.type === 'case.measure') return { ...event, name: undefined, ...left.shift() };
      return today[event.type]?.(event) ?? event;
    });
    const path = join(folder, 'run.ndjson');
    writeFileSync(path, translated.map((event) => `${JSON.stringify(event)}\n`).join(''));
    expect(left).to.deep.equal([]);
    expect(await loadRun(sample)).to.deep.equal(await loadRun(path));
    expect(exitCodeFor(await loadRun(sample))).to.equal(0);
  });

  it('is read where it left no case out', async () => {
    const path = join(folder, 'run.ndjson');
    const whole = readFileSync(sample, 'utf8').replace(/,"leftOut":\{[^}]*\}/, '');
    writeFileSync(path, whole);
    expect(whole).not.to.contain('leftOut');
    expect((await loadRun(path)).leftOut).to.equal(undefined);
  });

  it('is refused where an event is none of that version either', async () => {
    const path = join(folder, 'run.ndjson');
    copyFileSync(sample, path);
    writeFileSync(path, `${readFileSync(sample, 'utf8')}{"type":"environment"}\n`);
    const error: unknown = await loadRun(path).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error).with.property('message').that.contains('line 14');
  });
});
