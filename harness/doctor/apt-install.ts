import { timeoutsInForce } from '../base/timeouts.ts';
import { writeFile } from 'node:fs/promises';
import { OrdealError } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import { debianArchive, readAptSources } from '../images/apt-sources.ts';
import { oldestWithoutSysResource } from './docker.ts';
import { distribution, type Host } from './host.ts';
import { atLeast, switchingGo } from './tools.ts';

/** Debian releases whose docker.io and golang are too old for us; newer ones and Ubuntu have good ones of their own. */
const oldReleases = ['bullseye', 'bookworm'];
const newerSuite = 'trixie';
const sourceFile = '/etc/apt/sources.list.d/ordeal-trixie.sources';
const pinFile = '/etc/apt/preferences.d/ordeal-trixie';

/** Packages taken from the newer suite where the release has only older ones than this major.minor. */
const fromNewer: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  'docker.io': [oldestWithoutSysResource, 0],
  'docker-cli': [oldestWithoutSysResource, 0],
  'golang-go': switchingGo,
};

/** What installing packages will change, in words and commands; announced before anything is done. */
export interface InstallPlan {
  readonly packages: readonly string[];
  readonly newer: readonly string[];
  readonly announcements: readonly string[];
}

/** Returns what would be changed to install these packages. */
export async function planInstall(host: Host, packages: readonly string[]): Promise<InstallPlan> {
  const { codename } = await distribution(host);
  const verdicts = await Promise.all(packages.map((name) => isTooOld(host, codename, name)));
  const newer = packages.filter((_, index) => verdicts[index] === true);
  const own = packages.filter((name) => !newer.includes(name));
  const announcements = [
    ...(newer.length === 0
      ? []
      : [`will add the suite ${newerSuite} (pinned at 100, ${sourceFile}) and install from it: ${newer.join(', ')}`]),
    ...(own.length === 0 ? [] : [`will install with apt-get: ${own.join(', ')}`]),
  ];
  return { packages: own, newer, announcements };
}

/**
 * Packages of a newer release may have changed what a machine calls itself, so what apt would install counts too; where
 * apt has no lists yet it tells nothing.
 */
async function isTooOld(host: Host, codename: string, name: string): Promise<boolean> {
  const wanted = fromNewer[name];
  if (wanted === undefined) return false;
  if (oldReleases.includes(codename)) return true;
  const { out } = await host.run(['apt-cache', 'policy', name]);
  const [, major, minor] = /Candidate: (?:\d+:)?(\d+)(?:\.(\d+))?/.exec(out) ?? [];
  if (major === undefined) return false;
  return !atLeast([Number(major), Number(minor ?? 0)], wanted);
}

/** Installs what the plan says. @throws OrdealError ENVIRONMENT with apt's last lines. */
export async function runInstall(host: Host, plan: InstallPlan, progress: Progress): Promise<void> {
  if (plan.newer.length > 0) await addNewerSuite(host);
  await progress.step('apt-get update', () => apt(host, ['update', '-q']));
  if (plan.packages.length > 0) await install(host, plan.packages, [], progress);
  if (plan.newer.length > 0) await install(host, plan.newer, ['-t', newerSuite], progress);
}

/** Never takes a package away for another: what would, fails, and is somebody's to decide. */
const careful = ['-y', '-q', '--no-install-recommends', '--no-remove'];

/** Tells what apt would do before it does. */
async function install(
  host: Host,
  names: readonly string[],
  from: readonly string[],
  progress: Progress,
): Promise<void> {
  const args = ['install', ...careful, ...from, ...names];
  const simulated = await apt(host, ['--simulate', ...args]);
  for (const line of plannedChanges(simulated)) progress.note(line);
  await progress.step(`apt-get install ${names.join(' ')}`, () => apt(host, args));
}

/** Returns what a simulated apt-get says it would change: a line for what is new and one for what is another version. */
export function plannedChanges(simulated: string): string[] {
  const changes = [...simulated.matchAll(/^Inst (\S+) (\[)?/gm)].map(([, name = '', old]) => ({
    name,
    isNew: old === undefined,
  }));
  const told = (what: string, isNew: boolean) => {
    const names = changes.filter((one) => one.isNew === isNew).map(({ name }) => name);
    return names.length === 0 ? [] : [`apt-get will ${what}: ${names.join(', ')}`];
  };
  return [...told('add', true), ...told('upgrade', false)];
}

/** The suite comes from the archive that gives this machine its own release, whichever mirror that is. */
async function addNewerSuite(host: Host): Promise<void> {
  const { codename } = await distribution(host);
  const archive = debianArchive(await readAptSources(), codename);
  if (archive === undefined) {
    throw new OrdealError(
      'ENVIRONMENT',
      `no apt source gives the suite ${codename} main, so ${newerSuite} has no known mirror`,
      {
        remedy: 'install Docker Engine 24 or newer yourself',
      },
    );
  }
  const signed = archive.signedBy === undefined ? [] : [`Signed-By: ${archive.signedBy}`];
  const fields = ['Types: deb', `URIs: ${archive.uri}`, `Suites: ${newerSuite}`, 'Components: main', ...signed];
  await writeFile(sourceFile, `${fields.join('\n')}\n`);
  await writeFile(pinFile, `Package: *\nPin: release n=${newerSuite}\nPin-Priority: 100\n`);
}

/** Returns what apt-get said. */
async function apt(host: Host, args: readonly string[]): Promise<string> {
  const answer = await host.run(
    ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args],
    timeoutsInForce().packagesMs,
  );
  if (answer.code === 0) return answer.out;
  const tail = `${answer.out}\n${answer.err}`.trim().split('\n').slice(-8).join('\n  ');
  throw new OrdealError('ENVIRONMENT', `\`apt-get ${args.join(' ')}\` ended with\n  ${tail}`, {
    remedy: /remove is disabled/.test(tail)
      ? 'install this yourself if you can do without what it removes (`apt-get install --simulate` shows it); Ordeal removes nothing'
      : 'correct the package sources and run `ordeal doctor --fix` again',
  });
}
