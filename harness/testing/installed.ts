import { execa } from 'execa';
import { dirname, join } from 'node:path';
import { packageRoot } from '../base/paths.ts';
import { type Ended, scratch } from './ordeal-process.ts';

/** The npm package as people have it: packed, installed in an empty folder, run by the Node of this machine. */
export interface Installed {
  readonly folder: string;
  readonly ordeal: (...args: string[]) => Promise<Ended>;
}

/** Builds and packs this checkout, and installs the package without the scripts of any other. */
export async function installPacked(): Promise<Installed> {
  const folder = await scratch('installed');
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], { cwd: packageRoot });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (packed === undefined) throw new Error(`npm pack told of no file: ${stdout}`);
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  await execa('npm', ['install', ...quiet, join(folder, packed.filename)], { cwd: folder });
  const command = join(folder, 'node_modules', '.bin', 'ordeal');
  const env = { PATH: pathOfHost(), ORDEAL_NODE: undefined };
  return {
    folder,
    ordeal: async (...args) => {
      const ended = await execa(command, args, { cwd: folder, env, reject: false, stdin: 'ignore' });
      return { exitCode: ended.exitCode ?? -1, stdout: ended.stdout, stderr: ended.stderr };
    },
  };
}

/** npm puts the checkout's own Node first in the path; an older one of the machine is the better test. */
function pathOfHost(): string {
  const entries = (process.env.PATH ?? '').split(':').filter((entry) => !entry.endsWith('node_modules/.bin'));
  return [...entries, dirname(process.execPath)].join(':');
}
