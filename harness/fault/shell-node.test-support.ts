import { execa } from 'execa';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecResult } from '../kube/types.ts';
import type { NodeExec } from '../node/types.ts';

const faultsFolder = '/run/ordeal/faults';

/**
 * A node whose shell lines really run, with a folder of its own in place of /run/ordeal/faults. Its systemd only takes
 * note of timers: `passDeadlines` runs what they would.
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

  private async run(argv: readonly string[], input = ''): Promise<ExecResult> {
    const here = (text: string) => text.replaceAll(faultsFolder, join(this.folder, 'faults'));
    const [file = 'true', ...args] = argv.map(here);
    const stops = /systemctl stop (?<units>[^;2]*)/.exec(args.join(' '))?.groups?.['units'] ?? '';
    for (const unit of stops.split(' ')) this.timers.delete(unit.replace(/\.timer$/, ''));
    const result = await execa(file, args, { input: here(input), reject: false });
    return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }
}
