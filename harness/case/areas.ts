import { readdirSync } from 'node:fs';

/** Areas that disturb a cluster come after those that only look at it; any other area stands between the two. */
const lookers = ['dns', 'services', 'connectivity', 'networkpolicy'];
const disturbers = ['rollout', 'mesh', 'faults'];

/** Returns the areas that the folders of `root` make, those that disturb a cluster least first. */
export function areasIn(root: string): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

function rank(area: string): number {
  const late = disturbers.indexOf(area);
  if (late >= 0) return lookers.length + 1 + late;
  const early = lookers.indexOf(area);
  return early >= 0 ? early : lookers.length;
}
