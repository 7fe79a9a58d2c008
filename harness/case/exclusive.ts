/** Parts of a cluster that a case can disturb, or have disturbed, for whoever uses them too. */
export type ClusterPart = 'dns' | 'service-proxy' | 'paths';

const allParts: readonly ClusterPart[] = ['dns', 'service-proxy', 'paths'];

interface Exclusive {
  readonly exclusive: boolean | readonly ClusterPart[];
}

/** Returns whether a case does not run beside those that are not exclusive. */
export function isExclusive({ exclusive }: Exclusive): boolean {
  return exclusive !== false;
}

/** Returns whether exclusive cases want different parts of the cluster for themselves, so that they run side by side. */
export function wantsOtherParts(one: Exclusive, running: ReadonlySet<Exclusive>): boolean {
  const taken = new Set([...running].flatMap(partsOf));
  return !partsOf(one).some((part) => taken.has(part));
}

function partsOf({ exclusive }: Exclusive): readonly ClusterPart[] {
  return exclusive === true ? allParts : exclusive === false ? [] : exclusive;
}
