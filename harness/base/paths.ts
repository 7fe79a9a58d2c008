import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout: the folder that holds `harness/`, `suites/`, `clusters/` and `reports/`. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const suitesRoot = join(projectRoot, 'suites');

/** Known results per CNI, one YAML file each. */
export const baselinesRoot = join(projectRoot, 'reports', 'baselines');
