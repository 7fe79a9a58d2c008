/** What others on a cluster would notice, by who would: the words of `--allow-disruption`. */
export const disruptionKinds = ['dns', 'mesh', 'cni', 'nodes', 'host-ports', 'load-balancer', 'load'] as const;
/** What `--allow-disruption` takes. */
export const allowable = [...disruptionKinds, 'all'] as const;
export type DisruptionKind = (typeof disruptionKinds)[number];

/** Reaches past objects of the run: to what belongs to a node, or to what everybody on the cluster shares. */
export interface TouchesOthers {
  readonly reach: 'node' | 'cluster';
  readonly disrupts: DisruptionKind;
  /** What is done, in words for whoever is to allow it. */
  readonly what: string;
}

/** `own`: nothing but objects that the run itself makes, in namespaces that it makes. */
export type Touches = 'own' | TouchesOthers;

/** The kinds of disruption that a run may cause. */
export type Consent = ReadonlySet<DisruptionKind>;

/** For a cluster that Ordeal made: nobody else is on it. */
export const anyDisruption: Consent = new Set(disruptionKinds);

/** Returns that a case or fixture reaches to nodes (`node`) or to what all share (`cluster`). */
export function beyondOwn(reach: TouchesOthers['reach'], disrupts: DisruptionKind, what: string): TouchesOthers {
  return { reach, disrupts, what };
}

interface Toucher {
  readonly touches: Touches;
  readonly uses: readonly { readonly touches: Touches }[];
}

/** Returns whether a fixture may be opened. */
export function isAllowed({ touches }: { readonly touches: Touches }, consent: Consent): boolean {
  return touches === 'own' || consent.has(touches.disrupts);
}

/** Returns what a case does beyond objects of its own, by itself and by what it uses; none for most. */
export function touchesOthers({ touches, uses }: Toucher): TouchesOthers[] {
  return [touches, ...uses.map((one) => one.touches)].filter((one) => one !== 'own');
}

/** Returns why a case may not run on a cluster that is somebody's, or undefined where it may. */
export function missingConsent(one: Toucher, consent: Consent): string | undefined {
  const missing = touchesOthers(one).filter(({ disrupts }) => !consent.has(disrupts));
  if (missing.length === 0) return undefined;
  const kinds = [...new Set(missing.map(({ disrupts }) => disrupts))].join(',');
  const what = missing.map((each) => each.what).join('; ');
  return `needs --allow-disruption=${kinds} (${what}); found: an existing cluster, where nobody allowed it`;
}
