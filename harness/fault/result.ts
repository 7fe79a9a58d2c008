import type { RevertedBy } from './types.ts';

/**
 * Returns why what was measured under a fault cannot be trusted: it ended by its deadline, at a time nobody knows, before
 * it was reverted. Undefined where it was meant to end so.
 */
export function doubtOf(title: string, by: RevertedBy, endsBy: 'harness' | 'deadline' = 'harness'): string | undefined {
  if (by !== 'deadline' || endsBy === 'deadline') return undefined;
  return `${title}: the nodes ended it at its deadline, before it was reverted`;
}
