import { stringify } from 'yaml';
import type { Imported } from './chaos-mesh.ts';

/** Returns experiments as a scenario file: their faults in parallel, one for each namespace. */
export function scenarioOf(experiments: readonly Imported[]): string {
  const faults = experiments.flatMap(({ title, fault, targets, duration, settings, pick, peers }) =>
    targets.map((target, index) => ({
      name: `${nameFrom(title)}${targets.length > 1 ? `-${index + 1}` : ''}`,
      ...{ fault, target, ...(pick === 'all' ? {} : { pick }), ...(peers === undefined ? {} : { peers }) },
      for: duration,
      ...(Object.keys(settings).length === 0 ? {} : { set: typed(settings) }),
    })),
  );
  const name = nameFrom(experiments.map(({ title }) => title).join('-'));
  return stringify({ apiVersion: 'ordeal.dev/v1', kind: 'Scenario', name, order: 'parallel', faults });
}

const nameFrom = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');

/** Numbers as such, lists as lists. */
function typed(settings: Imported['settings']): Record<string, unknown> {
  const lists = ['peers', 'names'];
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      lists.includes(name) ? value.split(',') : /^[\d.]+$/.test(value) ? Number(value) : value,
    ]),
  );
}
