import { OrdealError } from '../base/errors.ts';
import { type AnyDriver, planned } from '../chaos/run-fault.ts';
import { paramsSchema, readSettings } from '../chaos/settings.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Emit } from '../events/types.ts';
import { createFaultBench } from '../fault/bench.ts';
import { parseParams } from '../fault/driver.ts';
import { drivers } from '../fault/drivers/index.ts';
import { type Bed, serverPods } from './bed.ts';

/** What is done to one network on purpose while it is measured: whether a comparison finds it says what that is worth. */
export interface Handicap {
  readonly subject: string;
  readonly driver: AnyDriver;
  readonly settings: Record<string, unknown>;
}

const form = 'NAME=FAULT:PARAMETER=VALUE,... such as calico-2=delay:ms=5';

/** Returns the handicap that a flag names. @throws OrdealError USAGE for another form, fault or parameter. */
export function parseHandicap(text: string): Handicap {
  const [, subject = '', name = '', rest = ''] = /^([^=]+)=([a-z-]+)(?::(.+))?$/.exec(text) ?? [];
  const driver = onPods.find((one) => one.name === name);
  if (subject === '' || driver === undefined) {
    const known = onPods.map((one) => one.name).join(', ');
    throw new OrdealError('USAGE', `--handicap ${text}: write ${form}`, { remedy: `Faults of pods: ${known}.` });
  }
  const settings = readSettings(rest === '' ? [] : rest.split(','), paramsSchema(driver.params));
  parseParams(driver, { ...settings, pods: [{ namespace: 'x', name: 'x' }] });
  return { subject, driver, settings };
}

const onPods: readonly AnyDriver[] = drivers.filter(({ targets }) => targets === 'pods');

export interface HandicapFrame {
  readonly runId: string;
  readonly stateDir: string;
  readonly timeouts: Timeouts;
  readonly emit: Emit;
}

/** A visit is over long before: only who died leaves it to the nodes. */
const deadlineOf = ({ caseMs }: Timeouts): number => 5 * caseMs;

/**
 * Runs `work` while the pods that serve are handicapped, and only then. @throws OrdealError USAGE where that cannot be
 * done to this cluster, FAULT where it has no effect, and what `work` throws.
 */
export async function handicapped<T>(
  handicap: Handicap | undefined,
  bed: Bed,
  { runId, stateDir, timeouts, emit }: HandicapFrame,
  work: () => Promise<T>,
): Promise<T> {
  if (handicap === undefined) return work();
  const { driver, settings } = handicap;
  const bench = createFaultBench({ cluster: bed.cluster, runId, stateDir, timeouts, emit });
  const fault = await planned(bench, driver, { ...settings, pods: serverPods(bed) }, deadlineOf(timeouts));
  await fault.inject();
  try {
    return await work();
  } finally {
    await fault.revert();
  }
}
