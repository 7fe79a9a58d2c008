import { expect } from 'chai';
import fc from 'fast-check';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrdealError } from '../base/errors.ts';
import { loadRun, readLog } from './reader.ts';
import { logVersion } from './types.ts';
import type { Emit, RunEvent } from './types.ts';
import { openLog } from './writer.ts';

type Event = Parameters<Emit>[0];
const started: Event = {
  type: 'run.started',
  logVersion,
  command: 'run',
  runId: 'r1',
  ordeal: '0.1.0',
  argv: [],
  imageSource: 'source',
};
const note = (message: string): Event => ({ type: 'note', level: 'info', message });

async function eventsOf(path: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of readLog(path)) events.push(event);
  return events;
}

async function failureOf(work: Promise<unknown>): Promise<OrdealError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof OrdealError) return error;
  throw new Error(`expected an OrdealError, got ${String(error)}`);
}

describe('run log', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ordeal-log-'));
    path = join(folder, 'deep', 'run.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(...events: Event[]): void {
    const log = openLog(path);
    for (const event of events) log.emit(event);
    log.close();
  }

  it('gives back any text that was written, one event a line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), async (messages) => {
        path = join(mkdtempSync(join(folder, 'x-')), 'run.ndjson');
        write(started, ...messages.map(note));
        const events = await eventsOf(path);
        const read = events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
        expect(read).to.deep.equal(messages);
        expect(readFileSync(path, 'utf8').split('\n')).to.have.length(messages.length + 2);
      }),
      { numRuns: 50 },
    );
  });

  it('survives being cut at any byte after its first line', async () => {
    write(started, note('one'), note('zwei – zwölf'), note('three'));
    const whole = readFileSync(path);
    const first = whole.indexOf('\n') + 1;
    for (let size = whole.length; size >= first; size -= 1) {
      truncateSync(path, size);
      const run = await loadRun(path);
      const complete = whole.subarray(0, size).toString('latin1').split('\n').length - 1;
      expect(run.notes.length, `cut at ${size}`).to.be.within(complete - 1, complete);
      expect(run.finished).to.equal(undefined);
    }
  });

  it('has every event on disk before emit returns, without close', async () => {
    const log = openLog(path);
    log.emit(started);
    log.emit(note('still open'));
    expect(await eventsOf(path)).to.have.length(2);
    log.close();
    log.close();
    expect(() => log.emit(note('late'))).to.throw('after the run log');
  });

  it('refuses to add to the log of another run', () => {
    write(started);
    expect(() => openLog(path))
      .to.throw(OrdealError, 'already exists')
      .with.property('code', 'USAGE');
  });

  it('refuses an event that would make the log unreadable', () => {
    const log = openLog(path);
    const broken: Event = { type: 'case.measure', id: 'a', metric: 'm', value: Number.NaN, unit: 'ms', labels: {} };
    expect(() => log.emit(broken)).to.throw();
    log.close();
    expect(readFileSync(path, 'utf8')).to.equal('');
  });

  it('reads a long line in pieces', async () => {
    const big = 'é\u2028'.repeat(400_000);
    write(started, { type: 'case.attachment', id: 'a', name: 'big', mime: 'text/plain', content: big });
    const run = await loadRun(folder + '/deep');
    expect(run.cases.map((one) => one.attachments[0]?.content === big)).to.deep.equal([true]);
  });

  it('names the line that is broken in the middle', async () => {
    write(started);
    appendFileSync(path, '{"type":"note"\n{"type":"note"}\n');
    expect((await failureOf(eventsOf(path))).message).to.contain('line 2 is not JSON');
  });

  it('says what it found instead of a run log it can read', async () => {
    const messageFor = async (content: string): Promise<string> => {
      path = join(folder, 'run.ndjson');
      writeFileSync(path, content);
      return (await failureOf(loadRun(path))).message;
    };
    expect(await messageFor('')).to.contain('empty');
    expect(await messageFor('hello\n')).to.contain('no run log');
    expect(await messageFor('{"type":"run.st')).to.contain('torn');
    expect(await messageFor('{"type":"run.started","logVersion":99}\n')).to.match(/version 99.*reads versions 1 to 3/);
    expect((await failureOf(loadRun(join(folder, 'nowhere')))).message).to.contain('ENOENT');
  });
});
