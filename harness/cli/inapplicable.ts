import { OrdealError } from '../base/errors.ts';
import { flagName } from './usage-error.ts';

/** Flags that say how a cluster is made. --fix is none: where there is nothing to mend it has nothing to do. */
const making = ['workers', 'zones', 'dualStack', 'images', 'registry'] as const;

interface Rule {
  readonly when: (given: Given) => boolean;
  readonly flags: readonly string[];
  readonly because: string;
}

/** Flags as they were given, before defaults. */
export type Given = Readonly<Record<string, unknown>>;

const has = (flag: string) => (given: Given) => isSet(given[flag]);
const lacks = (flag: string) => (given: Given) => !isSet(given[flag]);

const ofRun: readonly Rule[] = [
  {
    when: has('kubeconfig'),
    flags: [...making, 'cni', 'mesh', 'name', 'keep', 'reuse'],
    because: '--kubeconfig takes the cluster as it is',
  },
  { when: has('reuse'), flags: [...making, 'cni', 'mesh'], because: '--reuse takes the cluster as it is' },
  { when: lacks('kubeconfig'), flags: ['context', 'agentImage', 'yes'], because: 'it needs --kubeconfig' },
  { when: lacks('fix'), flags: ['install'], because: 'it needs --fix' },
  { when: (given) => isSet(given['all']) && isSet(given['tier']), flags: ['all'], because: '--tier says which' },
];

/** Of `ordeal matrix`. */
export const ofMatrix: readonly Rule[] = [
  { when: lacks('measure'), flags: ['out'], because: 'it needs --measure' },
  { when: lacks('kubeconfig'), flags: ['context'], because: 'it needs --kubeconfig' },
  { when: has('kubeconfig'), flags: ['strict'], because: 'it needs --files' },
];

/** A flag that would be ignored. */
export interface Inapplicable {
  readonly field: string;
  readonly said: string;
}

/** Returns the flags that would be ignored, and what is to be said of each: what somebody asked for must not quietly not happen. */
export function inapplicable(given: Given, rules: readonly Rule[] = ofRun): Inapplicable[] {
  return rules.flatMap(({ when, flags, because }) =>
    when(given)
      ? flags
          .filter((flag) => isSet(given[flag], flag))
          .map((field) => ({ field, said: `${nameOf(field)} does not apply: ${because}` }))
      : [],
  );
}

const nameOf = (flag: string) => (flag === 'install' ? '--no-install' : flagName(flag));

/** Only its negation is a flag. */
function isSet(value: unknown, flag?: string): boolean {
  if (flag === 'install') return value === false;
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** @throws OrdealError USAGE naming the flags that would be ignored. */
export function refuseInapplicable(given: Given, rules?: readonly Rule[]): void {
  const idle = inapplicable(given, rules);
  if (idle.length === 0) return;
  throw new OrdealError('USAGE', `unusable flags: ${idle.map(({ said }) => said).join('; ')}`, {
    remedy: 'Leave them out.',
  });
}
