import { Status } from 'allure-js-commons';
import type { StatusDetails } from 'allure-js-commons';
import type { Category } from 'allure-js-commons/sdk';
import { reasonOf, statusOf } from '../../harness/events/record.ts';
import type { CaseRecord, CaseStatus } from '../../harness/events/record.ts';

interface AllureStatus {
  readonly status: Status;
  /** Stands in front of the message; the category's regular expression keys on it. */
  readonly prefix: string;
  /** Name of the category; none for what needs no attention. */
  readonly category?: string;
}

const allureStatuses: Readonly<Record<CaseStatus, AllureStatus>> = {
  passed: { status: Status.PASSED, prefix: '' },
  failed: { status: Status.FAILED, prefix: 'Failed', category: 'The network breaks a rule' },
  'known-failure': { status: Status.FAILED, prefix: 'Known failure', category: 'Known failures (baseline)' },
  'unexpected-pass': {
    status: Status.PASSED,
    prefix: 'Unexpected pass',
    category: 'Unexpected passes (baseline out of date)',
  },
  inconclusive: { status: Status.BROKEN, prefix: 'Inconclusive', category: 'Inconclusive: the tool could not tell' },
  unsupported: { status: Status.SKIPPED, prefix: 'Unsupported', category: 'Unsupported by this CNI or mesh' },
  skipped: { status: Status.SKIPPED, prefix: 'Skipped', category: 'Skipped: this machine or cluster lacks something' },
  'not-run': { status: Status.SKIPPED, prefix: 'Not run', category: 'Not run: the run ended first' },
};

/** Returns how Allure shows a case: five outcomes and the baseline do not fit its four, so the message says the rest. */
export function allureStatusOf(one: CaseRecord): { status: Status; statusDetails: StatusDetails } {
  const { status, prefix } = allureStatuses[statusOf(one)];
  const reason = reasonOf(one);
  if (prefix === '') return { status, statusDetails: {} };
  const message = reason === '' ? prefix : `${prefix}: ${reason}`;
  return {
    status,
    statusDetails: { message, ...(one.result?.trace === undefined ? {} : { trace: one.result.trace }) },
  };
}

/** Returns Allure's categories, one per status that a reader may want to look into. */
export function categories(): Category[] {
  const named = Object.values(allureStatuses).flatMap(({ status, prefix, category }) =>
    category === undefined ? [] : [{ name: category, matchedStatuses: [status], messageRegex: `^${prefix}\\b.*` }],
  );
  return [...named, { name: 'Set-up failed', matchedStatuses: [Status.BROKEN], messageRegex: '^Run:.*' }];
}
