import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Component } from '../../clusters/component.ts';
import type { Progress } from '../base/progress.ts';
import { runCommand, type Run } from './command.ts';
import type { BuildContext } from './context.ts';
import { Limit } from '../base/limit.ts';
import { openStore } from './store.ts';

/** A progress that says nothing and keeps the notes. */
export function quietProgress(notes: string[] = []): Progress {
  return { step: (_title, work) => work(() => undefined), note: (line) => void notes.push(line) };
}

/** What a fake build saw. */
export interface FakeBuild {
  readonly context: BuildContext;
  /** Commands that were asked for, joined by blanks. */
  readonly commands: string[];
}

/**
 * Runs `work` with a context over a store and a `clusters` folder of its own, removed afterwards. `answer` decides what
 * a command does; undefined = run it for real (tar, cp and the like).
 */
export async function withFakeBuild(
  components: readonly Component[],
  answer: (argv: readonly string[]) => string | Error | undefined | Promise<string | undefined>,
  work: (fake: FakeBuild) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-images-'));
  const commands: string[] = [];
  const run: Run = async (component, argv, options) => {
    commands.push(argv.join(' '));
    const outcome = await answer(argv);
    if (outcome instanceof Error) throw outcome;
    return outcome ?? runCommand(component, argv, options);
  };
  const context: BuildContext = {
    store: openStore(join(folder, 'cache')),
    run,
    arch: 'amd64',
    clusters: join(folder, 'clusters'),
    components,
    compile: new Limit(2),
    install: new Limit(1),
    report: () => undefined,
  };
  try {
    await work({ context, commands });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
