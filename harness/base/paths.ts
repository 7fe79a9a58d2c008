import { dirname, join } from 'node:path';

/** Whether this is the built JavaScript of the npm package (`dist/`), not the checkout's TypeScript. */
const isBuilt = import.meta.filename.endsWith('.js');

/** What files that are found by looking through a folder end with: cases, products of `clusters/`, the agent. */
export const sourceExtension = isBuilt ? '.js' : '.ts';

/** The folder that holds `harness/`, `suites/`, `clusters/` and `reports/`: a checkout, or `dist/` of the npm package. */
export const projectRoot = join(import.meta.dirname, '..', '..');
/** The folder of package.json and `docs/`. */
export const packageRoot = isBuilt ? dirname(projectRoot) : projectRoot;
export const suitesRoot = join(projectRoot, 'suites');

/** Known results per CNI, one YAML file each. */
export const baselinesRoot = join(projectRoot, 'reports', 'baselines');
