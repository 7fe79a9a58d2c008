import type { Command } from 'commander';
import { registerChaos } from './chaos.ts';
import { registerClean } from './clean.ts';
import { registerCompare } from './compare.ts';
import { registerCompletion } from './completion.ts';
import { registerDoctor } from './doctor.ts';
import { registerExplain } from './explain.ts';
import { registerFuzz } from './fuzz.ts';
import { registerImages } from './images.ts';
import { registerList } from './list.ts';
import { registerMatrix } from './matrix.ts';
import { registerRights } from './rights.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run.ts';
import { registerUpgrade } from './upgrade.ts';
import { registerWatch } from './watch.ts';

/** Adds every command. Each imports what it needs when it runs, so that help and reports stay quick. */
export function registerAll(program: Command): void {
  for (const register of registers) register(program);
}

const registers = [
  registerRun,
  registerList,
  registerRights,
  registerReport,
  registerCompare,
  registerExplain,
  registerMatrix,
  registerFuzz,
  registerChaos,
  registerUpgrade,
  registerWatch,
  registerDoctor,
  registerImages,
  registerClean,
  registerCompletion,
];
