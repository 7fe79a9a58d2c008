#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { describeError, exitCodeOf, ExitCode } from '../../base/errors.ts';
import { onInterrupt } from '../../base/interrupt.ts';
import { mutations } from './index.ts';
import { parseMutationOptions } from './options.ts';
import { runSuite } from './suite.ts';

const collect = (value: string, before: string[]) => [...before, value];

const program = new Command('test:mutation')
  .description('puts defects into a kept kind cluster, one at a time, and tells which the cases detect and name')
  .option('--cni <name>', 'CNI of the cluster to make')
  .option('--mesh <name>', 'mesh of the cluster to make: none, istio')
  .option('--cluster <name>', 'take this kept kind cluster instead, and leave it')
  .option('--include <name>', 'only this mutation or area; may repeat', collect, [])
  .option('--subset <name>', 'ci: the twelve that run on every push')
  .option('--verify <when>', 'each: cases run again after every undo; end: every undo is looked at, no case runs again')
  .option('--clean-runs <n>', 'then so many runs of the core tier with nothing wrong')
  .option('--out <folder>', 'where logs and the result go (default ordeal-results/mutation)')
  .option('--keep', 'leave the cluster that was made')
  .option('--list', 'only list the mutations')
  .exitOverride()
  .action(async (flags: unknown) => {
    const options = parseMutationOptions(flags);
    if (options.list) {
      list();
      return;
    }
    const interrupt = onInterrupt((line) => process.stderr.write(`${line}\n`));
    try {
      process.exitCode = await runSuite(options, interrupt.signal);
    } finally {
      interrupt.stop();
    }
  });

function list(): void {
  for (const { name, area, defect, ci } of mutations) {
    process.stdout.write(`${name.padEnd(32)}${area.padEnd(10)}${ci === true ? 'ci  ' : '    '}${defect}\n`);
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? ExitCode.conforms : ExitCode.usage;
  else {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
