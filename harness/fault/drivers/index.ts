import type { FaultDriver } from '../driver.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { podKill } from './pod-kill.ts';

/** Every driver there is, one file each beside this. */
export const drivers: readonly FaultDriver<unknown>[] = [partition, pause, podKill];
