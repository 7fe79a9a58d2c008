import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One text; what a container said last explains most. */
const longestBytes = 512 * 1024;
/** All of them. */
const mostBytes = 32 * 1024 * 1024;

/** The folder that logs of a run go to: for its owner's eyes, and of bounded size. */
export class LogFolder {
  /** What could not be collected, or not whole. */
  readonly failures: string[] = [];
  private readonly root: string;
  private readonly limit: number;
  private left: number;

  constructor(root: string, bytes = mostBytes) {
    this.root = root;
    this.limit = bytes;
    this.left = bytes;
  }

  /** Writes a text, of a long one its end. Where the folder is full, that is noted instead. */
  async write(file: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const kept = bytes.subarray(Math.max(0, bytes.length - longestBytes));
    if (kept.length > this.left) {
      this.failures.push(`${file}: left out, the logs of a run are at most ${this.limit} bytes`);
      return;
    }
    this.left -= kept.length;
    if (kept.length < bytes.length) this.failures.push(`${file}: only its last ${longestBytes / 2 ** 10} KiB`);
    const path = join(this.root, file);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, kept, { mode: 0o600 });
  }

  /** Closes the folder to others, also where it was there before, and writes what is missing in it. */
  async finish(): Promise<void> {
    if (this.failures.length > 0) {
      await mkdir(this.root, { recursive: true, mode: 0o700 });
      await writeFile(join(this.root, 'not-collected.txt'), `${this.failures.join('\n')}\n`, { mode: 0o600 });
    }
    await chmod(this.root, 0o700).catch(() => undefined);
  }
}
