import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianSuite } from '../../clusters/components/base.ts';
import { debianArchive, readAptSources, type AptSource } from './apt-sources.ts';
import type { BuildContext } from './context.ts';
import { exists } from './store.ts';

/** Where the packages of the base suite come from; `archive` undefined = debootstrap's own default. */
export interface DebianMirror {
  readonly archive: AptSource | undefined;
  readonly proxy: string | undefined;
}

/** Returns the machine's own Debian mirror: `ORDEAL_DEBIAN_MIRROR`, else what its apt sources say. */
export async function debianMirror(context: BuildContext): Promise<DebianMirror> {
  const own = process.env.ORDEAL_DEBIAN_MIRROR;
  const proxy = await aptProxy(context);
  if (own !== undefined && own !== '') {
    return { archive: { uri: own, suites: [debianSuite], components: ['main'], signedBy: undefined }, proxy };
  }
  return { archive: debianArchive(await readAptSources(), await codename()), proxy };
}

async function codename(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^VERSION_CODENAME=(\S+)/m.exec(release)?.[1] ?? '';
}

async function aptProxy(context: BuildContext): Promise<string | undefined> {
  const answer = await context.run('debian', ['apt-config', 'shell', 'PROXY', 'Acquire::http::Proxy']).catch(() => '');
  return /PROXY='([^']+)'/.exec(answer)?.[1];
}

/** How apt reaches its mirror, never what it fetches: index targets of the host would download desktop metadata. */
const carried = /^Acquire::(https?|ftp)(::|\s)|^Acquire::(Check-|Retries|ForceIPv|AllowInsecure|Proxy)/i;

/**
 * Writes into `side/apt` what apt inside a root needs to reach this machine's mirror: the source, transport settings,
 * certificates, credentials. `chroot.ts` shows it as /run/ordeal; APT_CONFIG points there.
 */
export async function writeAptSide(context: BuildContext, side: string): Promise<void> {
  const folder = join(side, 'apt');
  await mkdir(folder, { recursive: true });
  const { archive } = await debianMirror(context);
  const dump = await context.run('debian', ['apt-config', 'dump']);
  const lines = dump.split('\n').filter((line) => carried.test(line));
  await writeFile(join(folder, 'apt.conf'), [...lines, ...(await ownSettings(folder)), ''].join('\n'));
  if (archive !== undefined) await writeSource(folder, archive);
}

async function ownSettings(folder: string): Promise<readonly string[]> {
  const settings = [
    'APT::Install-Recommends "false";',
    'Acquire::Languages "none";',
    'Dir::Etc::sourcelist "/run/ordeal/sources.list";',
    'Dir::Etc::sourceparts "/nonexistent";',
    'APT::Sandbox::User "root";',
  ];
  const bundle = process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt';
  if (await copyIfThere(bundle, join(folder, 'ca.pem'))) settings.push('Acquire::https::CAInfo "/run/ordeal/ca.pem";');
  if (await copyIfThere('/etc/apt/auth.conf', join(folder, 'auth.conf'))) {
    settings.push('Dir::Etc::netrc "/run/ordeal/auth.conf";');
  }
  return settings;
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  if (!(await exists(from))) return false;
  await copyFile(from, to);
  return true;
}

async function writeSource(folder: string, archive: AptSource): Promise<void> {
  const keyring = archive.signedBy;
  const signed = keyring?.startsWith('/') === true && (await copyIfThere(keyring, join(folder, 'keyring.gpg')));
  const option = signed ? '[signed-by=/run/ordeal/keyring.gpg] ' : '';
  await writeFile(join(folder, 'sources.list'), `deb ${option}${archive.uri} ${debianSuite} main\n`);
}

/** Environment that makes apt and dpkg inside a root use the side folder's configuration. */
export const aptEnvironment = { APT_CONFIG: '/run/ordeal/apt.conf' } as const;
