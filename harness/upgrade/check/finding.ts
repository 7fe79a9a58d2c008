import type { Severity } from '../../events/upgrade-events.ts';

/** Something that an upgrade would stumble over: which object, what about it, and what to do. */
export interface Finding {
  /** Which check found it. */
  readonly check: string;
  readonly severity: Severity;
  readonly object: string;
  readonly what: string;
  readonly remedy: string;
}
