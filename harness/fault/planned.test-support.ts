import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeExec } from '../node/types.ts';
import { createFault, type FaultHost } from './fault.ts';
import type { Act, Effect, Fault, FaultPhase } from './types.ts';

export const absent: Effect = { present: false, seen: 'open' };
export const present: Effect = { present: true, seen: 'dropped' };

export const id = 'r1-1';
export const recordOfTests = {
  ...{ id, runId: 'r1', owner: '1.1', cluster: 'c', driver: 'toy', title: 'cut' },
  ...{ madeAt: '2026-01-01T00:00:00Z', deadlineMs: 5000 },
};

export interface PlannedFault {
  readonly fault: Fault;
  readonly phases: FaultPhase[];
  readonly stateDir: string;
}

/** A fault whose effect is looked at in the order of `looks`, the last of them for ever. */
export async function planned(
  exec: NodeExec,
  acts: readonly Act[],
  looks: readonly Effect[],
  endsBy?: FaultHost['endsBy'],
): Promise<PlannedFault> {
  const trail = [...looks];
  const effect = () => Promise.resolve((trail.length > 1 ? trail.shift() : trail[0]) ?? absent);
  const stateDir = await mkdtemp(join(tmpdir(), 'ordeal-fault-'));
  const phases: FaultPhase[] = [];
  const fault = createFault(
    { title: 'cut', acts: () => acts, effect },
    {
      ...{ exec, stateDir, record: recordOfTests, endsBy },
      // Long enough that a busy machine looks more than once.
      timeouts: { settleMs: 250, settlePollMs: 1 },
      report: (phase) => phases.push(phase),
    },
  );
  return { fault, phases, stateDir };
}

export async function failure(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error : new Error(String(error));
}
