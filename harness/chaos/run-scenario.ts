import { setTimeout as pause } from 'node:timers/promises';
import type { FaultBench } from '../fault/bench.ts';
import { drivers } from '../fault/drivers/index.ts';
import type { FaultResult } from '../fault/types.ts';
import type { Kube } from '../kube/types.ts';
import { seededRandom, shuffled } from '../measure/random.ts';
import { type AnyDriver, holdFault, planned } from './run-fault.ts';
import type { Scenario, ScenarioFault } from './scenario.ts';
import type { Step, Stretch } from './schedule.ts';
import { paramsSchema, readSettings } from './settings.ts';
import { addressesOf, resolveTarget } from './target.ts';

export interface ScenarioHost {
  readonly kube: Kube;
  readonly bench: FaultBench;
  readonly allowed: readonly string[];
  readonly settleMs: number;
  readonly signal: AbortSignal;
  /** Milliseconds on the clock of the traffic. */
  readonly now: () => number;
}

/** One injection, and when it was there. */
export interface Injected {
  readonly step: string;
  readonly title: string;
  readonly result: FaultResult | undefined;
  readonly injectedMs: number;
  readonly revertedMs: number;
  readonly revertTookMs: number;
}

/** Returns the driver a fault of a scenario names. */
export function driverOf({ fault }: ScenarioFault): AnyDriver {
  const found = drivers.find(({ name }) => name === fault);
  if (found === undefined) throw new TypeError(`no driver ${fault}`);
  return found;
}

/** Plans every stretch and touches nothing; returns what would be done. @throws OrdealError USAGE for what cannot be. */
export async function rehearse(steps: readonly Step[], scenario: Scenario, host: ScenarioHost): Promise<string[]> {
  const lines: string[] = [];
  for (const step of steps) {
    for (const stretch of step.stretches) {
      const { title, way } = await planStretch(step, stretch, scenario, host);
      const by = way === undefined ? '' : `, by ${way}`;
      lines.push(`${step.name}: ${title}${by}; from ${stretch.fromMs} ms of it, for ${stretch.forMs} ms`);
    }
  }
  return lines;
}

/**
 * Injects the faults of a scenario in its order; returns each injection. One that fails ends all others, which are taken
 * back first. @throws OrdealError FAULT, INCONCLUSIVE as the first that failed.
 */
export async function injectAll(steps: readonly Step[], scenario: Scenario, host: ScenarioHost): Promise<Injected[]> {
  const stop = new AbortController();
  const own = { ...host, signal: AbortSignal.any([host.signal, stop.signal]) };
  const began = host.now();
  const injected: Injected[] = [];
  const run = async (step: Step) => {
    await untilMs(began + (step.atMs ?? 0), own);
    injected.push(...(await runStep(step, scenario, own)));
  };
  const running =
    scenario.order === 'parallel'
      ? steps.map((step) => run(step))
      : [steps.reduce(async (before, step) => before.then(() => run(step)), Promise.resolve())];
  for (const one of running) one.catch(() => stop.abort());
  const ended = await Promise.allSettled(running);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined && !host.signal.aborted) throw failed.reason;
  return injected;
}

async function runStep(step: Step, scenario: Scenario, host: ScenarioHost): Promise<Injected[]> {
  const began = host.now();
  const injected: Injected[] = [];
  for (const stretch of step.stretches) {
    await untilMs(began + stretch.fromMs, host);
    if (host.signal.aborted) break;
    const fault = await planStretch(step, stretch, scenario, host);
    const held = await holdFault(fault, { forMs: stretch.forMs, signal: host.signal }, host.now);
    injected.push({ ...held, step: step.name, title: fault.title });
  }
  return injected;
}

async function untilMs(ms: number, { now, signal }: ScenarioHost): Promise<void> {
  const restMs = ms - now();
  if (restMs <= 0) return;
  await pause(restMs, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** Looks the target up anew: what an earlier fault killed has a successor. */
async function planStretch(step: Step, { forMs, settings }: Stretch, scenario: Scenario, host: ScenarioHost) {
  const { fault } = step;
  const driver = driverOf(fault);
  const pick = pickerOf(fault.pick, scenario.seed);
  const target = await resolveTarget(host.kube, driver.targets, fault.target, { allowed: host.allowed, pick });
  const peers = fault.peers === undefined ? {} : { peers: await addressesOf(host.kube, fault.peers) };
  // Known names only, as on the command line.
  readSettings(
    Object.keys(settings).map((name) => `${name}=x`),
    paramsSchema(driver.params),
  );
  return planned(host.bench, driver, { ...settings, ...peers, ...target }, forMs + 2 * host.settleMs);
}

/** Returns how pods are chosen: the same ones for the same seed, as long as the same ones are there. */
export function pickerOf(pick: ScenarioFault['pick'], seed: number): <T>(pods: readonly T[]) => readonly T[] {
  return (pods) => {
    if (pick === 'all') return pods;
    const drawn = shuffled(pods, seededRandom(seed));
    if (pick === 'one') return drawn.slice(0, 1);
    return drawn.slice(0, 'count' in pick ? pick.count : Math.ceil((pods.length * pick.percent) / 100));
  };
}
