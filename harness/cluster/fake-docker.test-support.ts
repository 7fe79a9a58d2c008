import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Scripted {
  /** Shell pattern over the whole argument line; the first that matches answers. */
  readonly when: string;
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
}

/** Puts a `docker` first on PATH that answers as scripted and notes how it was called. */
export class FakeDocker {
  private folder = '';
  private readonly path = process.env['PATH'];

  async install(answers: readonly Scripted[]): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'fake-docker-'));
    const cases = answers.map(({ when, out = '', err = '', code = 0 }) => {
      const say = (text: string) => `printf '%s' ${quote(text)}`;
      return `${when}) ${say(out)}; ${say(err)} >&2; exit ${code};;`;
    });
    const script = `#!/bin/sh\necho "$*" >> ${this.log}\ncase "$*" in\n${cases.join('\n')}\nesac\necho "unscripted: $*" >&2; exit 64\n`;
    await writeFile(this.log, '');
    await writeFile(join(this.folder, 'docker'), script, { mode: 0o755 });
    process.env['PATH'] = `${this.folder}${delimiter}${this.path ?? ''}`;
  }

  async calls(): Promise<string[]> {
    return (await readFile(this.log, 'utf8')).split('\n').filter((line) => line !== '');
  }

  async uninstall(): Promise<void> {
    process.env['PATH'] = this.path;
    await rm(this.folder, { recursive: true, force: true });
  }

  private get log(): string {
    return join(this.folder, 'calls');
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
