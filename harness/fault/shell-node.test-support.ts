import { execa } from 'execa';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecResult } from '../kube/types.ts';
import type { NodeExec } from '../node/types.ts';
import { faultsFolder } from './boot.ts';

const unitsFolder = '/etc/systemd/system';

/**
 * A node whose shell lines really run, with a folder of its own in place of that for faults. Its systemd only takes
 * note of timers, and lists them as the real one does: `passDeadlines` runs what they would.
 */
export class ShellNode {
  readonly folder: string;
  readonly timers = new Map<string, readonly string[]>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<ShellNode> {
    return new ShellNode(await mkdtemp(join(tmpdir(), 'ordeal-node-')));
  }

  /** Shell lines of tests write what they do to this file. */
  get trail(): string {
    return join(this.folder, 'trail');
  }

  async happened(): Promise<string[]> {
    const text = await readFile(this.trail, 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  }

  /** Names of the files that faults keep on the node. */
  async files(): Promise<string[]> {
    return (await readdir(join(this.folder, 'faults')).catch(() => [])).sort();
  }

  readonly exec: NodeExec = (_node, argv, { stdin } = {}) => {
    if (argv[0] === 'systemd-run') return Promise.resolve(this.arm(argv));
    return this.run(argv, stdin);
  };

  /** What the node does when it starts again: its timers are gone, what it was told to do then is done. */
  async restart(): Promise<void> {
    this.timers.clear();
    const unit = await readFile(join(this.folder, 'units', 'ordeal-faults-boot.service'), 'utf8').catch(() => '');
    const command = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(unit)?.[1]?.replaceAll('$$', '$');
    if (command !== undefined) await this.run(['sh', '-c', command]);
  }

  /** Units that the node was told to start with. */
  async startsWith(): Promise<string[]> {
    return readdir(join(this.folder, 'units', 'multi-user.target.wants')).catch(() => []);
  }

  /** Runs what every timer that is armed would run. */
  async passDeadlines(): Promise<void> {
    for (const command of this.timers.values()) await this.run(command);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  private arm(argv: readonly string[]): ExecResult {
    const unit = argv.find((word) => word.startsWith('--unit='))?.slice('--unit='.length) ?? '';
    const taken = this.timers.has(unit);
    if (!taken) this.timers.set(unit, argv.slice(argv.indexOf('/bin/sh')));
    return { code: taken ? 1 : 0, stdout: '', stderr: taken ? `unit ${unit} exists already` : '' };
  }

  /** Returns a folder with a `systemctl` that lists timers and their services with what they run, and nothing else. */
  private async systemctl(): Promise<string> {
    const bin = join(this.folder, 'bin');
    await mkdir(bin, { recursive: true });
    const units = [...this.timers].flatMap(([unit, command]) => [
      `${unit}.timer   loaded active   waiting [systemd-run] ${command.join(' ')}`,
      `${unit}.service loaded inactive dead    [systemd-run] ${command.join(' ')}`,
    ]);
    await writeFile(join(bin, 'units'), units.map((line) => `${line}\n`).join(''));
    await writeFile(join(bin, 'systemctl'), `#!/bin/sh\ntest "$1" = list-units && cat '${bin}/units'\n`, {
      mode: 0o755,
    });
    return bin;
  }

  private async run(argv: readonly string[], input = ''): Promise<ExecResult> {
    const here = (text: string) =>
      text.replaceAll(faultsFolder, join(this.folder, 'faults')).replaceAll(unitsFolder, join(this.folder, 'units'));
    const [file = 'true', ...args] = argv.map(here);
    // This is the developer's own machine, and a red test once took its /bin/sh.
    const doomed = /rm -f (?<paths>[^;]*)/.exec(args.join(' '))?.groups?.['paths']?.split(' ') ?? [];
    if (doomed.some((path) => !path.startsWith(this.folder)))
      return { code: 1, stdout: '', stderr: 'deletes elsewhere' };
    const stops = /systemctl stop (?<units>[^;2]*)/.exec(args.join(' '))?.groups?.['units'] ?? '';
    for (const unit of stops.split(' ')) this.timers.delete(unit.replace(/\.timer$/, ''));
    const env = { PATH: `${await this.systemctl()}:${process.env['PATH'] ?? ''}` };
    const result = await execa(file, args, { input: here(input), env, reject: false });
    return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }
}
