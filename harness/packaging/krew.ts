#!/usr/bin/env node
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { packageRoot } from '../base/paths.ts';
import { ordealVersion } from '../base/version.ts';

/**
 * Returns krew's manifest of a release archive (https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/); Node is the
 * user's, hence the caveat.
 */
export function krewManifest(release: { version: string; repository: string; file: string; sha256: string }): string {
  const { version, repository, file, sha256 } = release;
  const page = `https://github.com/${repository}`;
  const platform = (os: string, arch: string) => ({
    selector: { matchLabels: { os, arch } },
    uri: `${page}/releases/download/v${version}/${file}`,
    sha256,
    bin: 'node_modules/ordeal/bin/ordeal.js',
    files: [{ from: '*', to: '.' }],
  });
  return stringify({
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'ordeal' },
    spec: {
      version: `v${version}`,
      homepage: page,
      shortDescription: 'Judge the network of a cluster',
      description: 'Runs suites for DNS, Services, NetworkPolicy, rollouts and faults, and says what does not conform.',
      caveats: 'Needs Node.js >= 20.19 in the PATH. Try: kubectl ordeal run --kubeconfig ~/.kube/config --dry-run',
      platforms: ['linux', 'darwin'].flatMap((os) => ['amd64', 'arm64'].map((arch) => platform(os, arch))),
    },
  });
}

/** Writes beside the packed package of `folder` the archive that krew unpacks, and its manifest. */
async function main(folder: string): Promise<void> {
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (packed === undefined) throw new Error(`${folder} holds no packed package: run \`npm pack\` first`);
  const version = ordealVersion(packageRoot);
  const file = `ordeal-krew-${version}.tar.gz`;
  const tree = await mkdtemp(join(tmpdir(), 'ordeal-krew-'));
  try {
    await mkdir(join(tree, 'in'));
    const quiet = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', join(tree, 'in')];
    await execa('npm', ['install', ...quiet, resolve(folder, packed)], { cwd: join(tree, 'in'), stdio: 'inherit' });
    await execa('tar', ['--create', '--gzip', '--file', resolve(folder, file), '--directory', join(tree, 'in'), '.']);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
  const sha256 = createHash('sha256')
    .update(await readFile(resolve(folder, file)))
    .digest('hex');
  const repository = process.env.GITHUB_REPOSITORY ?? 'ordeal/ordeal';
  const manifest = krewManifest({ version, repository, file, sha256 });
  await writeFile(join(folder, 'ordeal.yaml'), manifest);
}

const [, called, folder] = process.argv;
if (called === import.meta.filename) await main(folder ?? 'release');
