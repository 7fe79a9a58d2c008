#!/usr/bin/env node
import { cp, glob, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build as bundle } from 'esbuild';
import { execa } from 'execa';
import { projectRoot } from '../base/paths.ts';
import { bundleAgent } from '../probe/bundle.ts';

/** Of these folders everything that is no TypeScript goes along: programs for nodes, Go modules, manifests, baselines. */
const dataFolders = ['harness/fault/on-node', 'clusters/modules', 'clusters/node-image', 'reports/baselines'];

/**
 * Files that take in the packages they import: of 18 MB of schemas a few are used, and core-js runs a script when it is
 * installed, which many forbid.
 */
const selfContained = ['harness/oracle/published-schema.js', 'harness/cli/newer-javascript.js'];

/** It asks for Node 22 for the sake of what `newer-javascript.ts` brings, so it comes along. */
const brought = 'execa';

/** What packages bring is CommonJS in part, which asks for modules of Node by `require`. */
const selfSufficient = {
  ...({ bundle: true, format: 'esm', platform: 'node', target: 'node20' } as const),
  banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
};

/** Writes `dist/`: the JavaScript that the npm package runs, beside the data it reads. `npm pack` calls it. */
async function build(): Promise<void> {
  const dist = join(projectRoot, 'dist');
  await rm(dist, { recursive: true, force: true });
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  await execa(process.execPath, [tsc, '--project', join(projectRoot, 'tsconfig.build.json')], { stdio: 'inherit' });
  await rm(join(dist, 'harness', 'probe', 'agent'), { recursive: true });
  await writeFile(join(dist, 'harness', 'probe', 'agent.cjs'), (await bundleAgent()).code);
  await Promise.all(selfContained.map((file) => takeIn(join(dist, file))));
  await bring(brought, dist);
  for (const folder of dataFolders) {
    await cp(join(projectRoot, folder), join(dist, folder), {
      recursive: true,
      filter: (path) => !path.endsWith('.ts'),
    });
  }
}

async function takeIn(file: string): Promise<void> {
  await bundle({ ...selfSufficient, entryPoints: [file], outfile: file, allowOverwrite: true });
}

/** Bundles a package into `dist/packages/` and has all that imports it take it from there. */
async function bring(name: string, dist: string): Promise<void> {
  const outfile = join(dist, 'packages', `${name}.js`);
  const stdin = { contents: `export * from '${name}';`, resolveDir: projectRoot };
  await bundle({ ...selfSufficient, stdin, outfile });
  for await (const file of glob(join(dist, '{harness,suites,clusters,reports}', '**', '*.js'))) {
    const text = await readFile(file, 'utf8');
    const path = relative(dirname(file), outfile);
    const taken = text.replaceAll(`from '${name}'`, `from '${path}'`);
    if (taken !== text) await writeFile(file, taken);
  }
}

await build();
