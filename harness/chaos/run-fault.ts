import { setTimeout as pause } from 'node:timers/promises';
import { OrdealError } from '../base/errors.ts';
import type { FaultBench } from '../fault/bench.ts';
import type { FaultDriver } from '../fault/driver.ts';
import type { Fault, FaultResult } from '../fault/types.ts';

/** Any driver: its parameters are checked where the fault is planned. */
export type AnyDriver = FaultDriver<unknown>;

/** Plans a fault. What cannot be done here is the user's to know before anything is touched: @throws OrdealError USAGE. */
export async function planned(
  bench: FaultBench,
  driver: AnyDriver,
  params: Record<string, unknown>,
  deadlineMs: number,
): Promise<Fault> {
  try {
    return await bench.prepare(driver, params, { deadlineMs });
  } catch (error) {
    if (!(error instanceof OrdealError) || (error.code !== 'FAULT' && error.code !== 'INCONCLUSIVE')) throw error;
    throw new OrdealError('USAGE', error.message, {
      cause: error,
      ...(error.remedy !== undefined && { remedy: error.remedy }),
    });
  }
}

export interface Hold {
  /** How long it holds once it is seen to act. */
  readonly forMs: number;
  readonly signal: AbortSignal;
}

/** What became of a fault, and when it was there, in milliseconds of `now`. */
export interface Held {
  readonly result: FaultResult | undefined;
  readonly injectedMs: number;
  readonly revertedMs: number;
  /** From the order to revert until its effect was measured gone. */
  readonly revertTookMs: number;
}

/**
 * Injects a fault, holds it, and takes it away, also when it is interrupted or its effect cannot be measured.
 * @throws OrdealError FAULT, INCONCLUSIVE as the fault does, after it was reverted.
 */
export async function holdFault(fault: Fault, { forMs, signal }: Hold, now = () => performance.now()): Promise<Held> {
  const injectedMs = now();
  try {
    await fault.inject();
    await pause(forMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  } catch (error) {
    await fault.revert();
    throw error;
  }
  const revertedMs = now();
  await fault.revert();
  return { result: fault.result, injectedMs, revertedMs, revertTookMs: now() - revertedMs };
}
