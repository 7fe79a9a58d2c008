import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { OrdealError } from '../base/errors.ts';
import { openLog } from './writer.ts';

const note = { type: 'note', level: 'info', message: 'x'.repeat(3_000) } as const;

function refusal(path: string): unknown {
  try {
    openLog(join(path, 'run.ndjson'));
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a run log where none can be made', () => {
  for (const [path, code] of [
    ['/proc/x', 'ENOENT'],
    ['/proc/x/y/z', 'ENOENT'],
    ['/dev/null/x', 'ENOTDIR'],
    [`/tmp/${'x'.repeat(300)}`, 'ENAMETOOLONG'],
  ] as const) {
    it(`is refused at once: ${path.slice(0, 40)}`, () => {
      const error = refusal(path);
      expect(error).instanceOf(OrdealError).include({ code: 'USAGE' });
      expect(error).property('message').include(code);
    });
  }

  it('is refused in place of a file', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'ordeal-')), 'file');
    await writeFile(file, '');
    expect(refusal(file)).property('message').include('cannot be made (EEXIST)');
  });
});

describe('a run log on an odd disk', () => {
  let disk: string;
  /** Needs the right to mount, which a test in a plain container lacks. */
  async function mount(context: Mocha.Context, options: string): Promise<void> {
    disk = await mkdtemp(join(tmpdir(), 'ordeal-disk-'));
    const { failed } = await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { reject: false });
    if (failed) context.skip();
  }
  afterEach(() => execa('umount', [disk], { reject: false }));

  it('is refused where the disk is read-only', async function () {
    await mount(this, 'ro');
    expect(refusal(disk)).include({ code: 'USAGE' }).property('message').include('EROFS');
    expect(refusal(join(disk, 'out')))
      .include({ code: 'USAGE' })
      .property('message')
      .include('EROFS');
  });

  it('says once that the disk is full, and keeps whole what it holds', async function () {
    await mount(this, 'size=8k');
    const log = openLog(join(disk, 'out', 'run.ndjson'));
    const emitMany = () => Array.from({ length: 10 }, () => log.emit(note));
    expect(emitMany).throw(OrdealError, /writing the run log .* failed: ENOSPC/);
    expect(emitMany).not.throw();
    expect(log.failure()).include({ code: 'ENVIRONMENT' });
    log.close();
    const [first = ''] = (await readFile(log.path, 'utf8')).split('\n');
    expect(JSON.parse(first)).include({ message: note.message });
  });
});
