import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { describeError, OrdealError } from '../base/errors.ts';
import { folderOf } from './fold.ts';
import type { Folder } from './fold.ts';
import type { RunRecord } from './record.ts';
import { logVersion, RunEvent } from './types.ts';
import { fromVersion1 } from './version-1.ts';
import { fromVersion2 } from './version-2.ts';

const Opening = z.looseObject({ type: z.literal('run.started'), logVersion: z.int() });

/**
 * Yields the events of a run log (the file, or the run folder that holds `run.ndjson`) without ever holding more than
 * a line. A torn last line, which a killed run leaves, ends the stream quietly. @throws OrdealError USAGE for a file that is absent,
 * empty, no run log, of a newer version (older ones read as they mean today), or broken elsewhere than at its end, with the line number.
 */
export async function* readLog(path: string): AsyncGenerator<RunEvent, void, undefined> {
  const file = await logFileOf(path);
  let number = 0;
  let read = (event: unknown): unknown => event;
  for await (const line of linesOf(file)) {
    number += 1;
    const parsed = parseJson(line.text);
    if (parsed === undefined && !line.terminated) break;
    if (number === 1) read = readerFor(file, parsed);
    yield eventOf(file, number, read(parsed));
  }
  if (number === 0) throw unreadable(file, 'it is empty: the run was killed before its first event');
}

/** Returns the folded log. @throws as `readLog` does. */
export async function loadRun(path: string): Promise<RunRecord> {
  let folder: Folder | undefined;
  for await (const event of readLog(path)) {
    if (folder === undefined && event.type === 'run.started') folder = folderOf(event);
    else folder?.add(event);
  }
  if (folder === undefined) throw unreadable(path, 'its first event is torn: the run was killed as it began');
  return folder.record();
}

async function logFileOf(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? join(path, 'run.ndjson') : path;
  } catch (cause) {
    throw absent(path, cause);
  }
}

interface Line {
  readonly text: string;
  readonly terminated: boolean;
}

/** Not node:readline: it also splits at U+2028, which JSON leaves unescaped inside strings. */
async function* linesOf(file: string): AsyncGenerator<Line, void, undefined> {
  let rest: string[] = [];
  for await (const chunk of chunksOf(file)) {
    const [head = '', ...tail] = chunk.split('\n');
    rest.push(head);
    for (const next of tail) {
      yield { text: rest.join(''), terminated: true };
      rest = [next];
    }
  }
  const last = rest.join('');
  if (last !== '') yield { text: last, terminated: false };
}

async function* chunksOf(file: string): AsyncGenerator<string, void, undefined> {
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) yield String(chunk);
  } catch (cause) {
    throw absent(file, cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns how events of this log become those of today. */
function readerFor(file: string, parsed: unknown): (event: unknown) => unknown {
  const opening = Opening.safeParse(parsed);
  if (!opening.success) throw unreadable(file, 'it does not begin with the event run.started, so it is no run log');
  const found = opening.data.logVersion;
  const reads = new Map([
    [1, (event: unknown) => fromVersion2(fromVersion1(event))],
    [2, fromVersion2],
    [logVersion, (event: unknown) => event],
  ]).get(found);
  if (reads !== undefined) return reads;
  throw unreadable(file, `it has log version ${found}, and this Ordeal reads versions 1 to ${logVersion}`);
}

function eventOf(file: string, number: number, parsed: unknown): RunEvent {
  const event = RunEvent.safeParse(parsed);
  if (event.success) return event.data;
  const what = parsed === undefined ? 'is not JSON' : `is no known event: ${z.prettifyError(event.error)}`;
  throw unreadable(file, `line ${number} ${what}`);
}

function absent(path: string, cause: unknown): OrdealError {
  return new OrdealError('USAGE', `reading the run log ${path} failed: ${describeError(cause)}`, {
    remedy: 'Name a run folder (ordeal-results/<run id>) or its run.ndjson.',
    cause,
  });
}

function unreadable(path: string, why: string): OrdealError {
  return new OrdealError('USAGE', `reading the run log ${path} failed: ${why}`, {
    remedy: 'Render it with the Ordeal version that wrote it, or name another run.',
  });
}
