import type { RunRecord } from '../harness/events/record.ts';
import { shellWord } from './format.ts';

/** Returns what was tested in a few words: `calico 3.28.5, Kubernetes v1.36.3, istio 1.31`. */
export function subjectOf(run: RunRecord): string {
  const cluster = run.environment?.cluster;
  if (cluster === undefined) return run.command === 'run' ? 'no cluster came up' : `ordeal ${run.command}`;
  const mesh = cluster.mesh === 'none' ? [] : [`${cluster.mesh} ${cluster.meshVersion}`];
  return [`${cluster.cni} ${cluster.cniVersion}`, `Kubernetes ${cluster.kubernetes}`, ...mesh].join(', ');
}

/** Returns where images came from: as decided on this machine, or as asked for when no cluster came up. */
export function imageSourceOf(run: RunRecord): string {
  return run.environment?.host['image source'] ?? run.imageSource;
}

/** Returns the network under test, short enough for a column head: `calico 3.28.5 + istio`. */
export function columnOf(run: RunRecord): string {
  const cluster = run.environment?.cluster;
  if (cluster === undefined) return run.runId;
  return `${cluster.cni} ${cluster.cniVersion}${cluster.mesh === 'none' ? '' : ` + ${cluster.mesh}`}`;
}

/**
 * Returns the command that repeats the run on the same network; `only` narrows it to some cases. The old `--out` is
 * left out: its folder already holds this run.
 */
export function reproduceCommand(run: RunRecord, only: readonly string[] = []): string {
  if (run.command !== 'run') return otherCommand(run);
  const cni = run.environment?.cluster.provider === 'kind' ? run.environment.cluster.cni : undefined;
  const dropped = ['--out', ...(only.length > 0 ? selecting : []), ...(cni === undefined ? [] : ['--cni'])];
  const base = withoutFlags(run.argv, new Set(dropped));
  const added = [
    ...(cni === undefined ? [] : ['--cni', cni]),
    ...(only.length > 0 ? ['--include', only.join(',')] : []),
  ];
  return ['npx', 'ordeal', ...base, ...added].map(shellWord).join(' ');
}

function otherCommand({ command, argv }: RunRecord): string {
  const [script = '', ...flags] = argv;
  const words = command === 'benchmark' ? ['npm', 'run', script, '--', ...flags] : ['npx', 'ordeal', ...argv];
  return words.map(shellWord).join(' ');
}

/** True where a command can be told to repeat some of its cases alone. */
export const canNarrow = ({ command }: RunRecord): boolean => command === 'run';

const selecting = ['--include', '--exclude', '--area', '--tier', '--tag'];

/** True when the command line chose among the cases: such a run judges only what it chose. */
export function isSelection({ argv, selection }: Pick<RunRecord, 'argv' | 'selection'>): boolean {
  if (selection !== undefined) return selection.include.length + selection.exclude.length > 0;
  return argv.some((word) => selecting.includes(flagOf(word)));
}

function flagOf(word: string): string {
  return word.split('=', 1).join();
}

function withoutFlags(argv: readonly string[], flags: ReadonlySet<string>): string[] {
  const dropped = new Set<number>();
  argv.forEach((word, index) => {
    if (!flags.has(flagOf(word))) return;
    dropped.add(index);
    if (!word.includes('=')) dropped.add(index + 1);
  });
  return argv.filter((_, index) => !dropped.has(index));
}
