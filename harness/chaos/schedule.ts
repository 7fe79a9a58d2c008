import { OrdealError } from '../base/errors.ts';
import { parseDuration } from './duration.ts';
import type { Scenario, ScenarioFault } from './scenario.ts';

/** One injection of a scenario. */
export interface Stretch {
  /** From the beginning of its step. */
  readonly fromMs: number;
  readonly forMs: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A fault of a scenario as what is injected, one stretch after the other. */
export interface Step {
  readonly name: string;
  readonly fault: ScenarioFault;
  /** From the beginning of the faults; absent: once the step before is over, or at once where all run in parallel. */
  readonly atMs?: number;
  readonly stretches: readonly Stretch[];
}

const mostPulses = 200;

/** Returns what a scenario injects. @throws OrdealError USAGE for durations that make no sense, naming the fault. */
export function scheduleOf({ faults }: Pick<Scenario, 'faults'>): Step[] {
  return faults.map((fault, index) => {
    const name = fault.name ?? fault.fault;
    const about = `faults[${index}] (${name})`;
    const forMs = parseDuration(fault.for, `${about}: for`);
    const atMs = fault.at === undefined || /^0+(\.0+)?\D/.test(fault.at) ? 0 : parseDuration(fault.at, `${about}: at`);
    const stretches = stretchesOf(fault, forMs, about);
    return { name, fault, stretches, ...(fault.at !== undefined && { atMs }) };
  });
}

function stretchesOf({ set, pulse, ramp }: ScenarioFault, forMs: number, about: string): Stretch[] {
  if (pulse !== undefined) {
    const onMs = parseDuration(pulse.on, `${about}: pulse.on`);
    const everyMs = onMs + parseDuration(pulse.off, `${about}: pulse.off`);
    const count = Math.ceil(forMs / everyMs);
    if (count > mostPulses) throw new OrdealError('USAGE', `${about}: pulse: ${count} of them; at most ${mostPulses}`);
    return Array.from({ length: count }, (_, at) => ({
      ...{ fromMs: at * everyMs, forMs: Math.min(onMs, forMs - at * everyMs), settings: set },
    }));
  }
  if (ramp === undefined) return [{ fromMs: 0, forMs, settings: set }];
  const { setting, from, to, steps } = ramp;
  const eachMs = forMs / steps;
  return Array.from({ length: steps }, (_, at) => ({
    ...{ fromMs: at * eachMs, forMs: eachMs },
    settings: { ...set, [setting]: from + ((to - from) * at) / (steps - 1) },
  }));
}
