import { anyDisruption, type Consent, disruptionKinds } from '../case/touches.ts';
import type { RunOptions } from './run-options.ts';

/** Returns what a run may disrupt: all on a cluster that Ordeal made, on an existing one what the command line names. */
export function consentOf({
  kubeconfig,
  allowDisruption,
}: Pick<RunOptions, 'kubeconfig' | 'allowDisruption'>): Consent {
  if (kubeconfig === undefined) return anyDisruption;
  return new Set(disruptionKinds.filter((kind) => allowDisruption.some((named) => named === kind || named === 'all')));
}
