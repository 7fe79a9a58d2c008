import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Cni } from '../../../clusters/product.ts';
import { describeError, ExitCode, OrdealError } from '../../base/errors.ts';
import { suitesRoot } from '../../base/paths.ts';
import { loadCases } from '../../case/load.ts';
import { connect } from '../../kube/connect.ts';
import { begin } from '../ordeal-process.ts';
import { bedOf, wordsOf } from './bed.ts';
import { inTurn } from './in-turn.ts';
import { mutations, selectMutations } from './index.ts';
import { score, type MutationResult } from './judge.ts';
import type { MutationOptions } from './options.ts';
import { markdownOf, textOf, type CleanRuns, type SuiteResult } from './report.ts';
import { runCases, type CasesRun } from './run-cases.ts';
import { runMutation, UndoError, type Trial } from './run-mutation.ts';
import type { Bed, Mutation } from './types.ts';

type SuiteBed = Awaited<ReturnType<typeof bedOf>>;
type Run = (what: string, include: readonly string[], timeouts?: string) => Promise<CasesRun>;

/** Any cluster that can run it is up; it needs no node pair and no policy. */
const canary = 'connectivity-self';

/** Makes or takes a cluster, tries every mutation asked for, and returns the exit code. @throws OrdealError */
export async function runSuite(options: MutationOptions, signal: AbortSignal): Promise<ExitCode> {
  const chosen = selectMutations(options.include, options.subset === 'ci');
  const out = resolve(options.out);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const cluster = options.cluster ?? `ordeal-mutation-${options.cni}`;
  try {
    const kubeconfig = await provideCluster(options, { cluster, out, signal });
    const kube = await connect(kubeconfig);
    try {
      const run = inTurn((what: string, include: readonly string[], timeouts?: string) =>
        runCases({ cluster, include, timeouts, out: join(out, what), signal }),
      );
      const bed = await bedOf(kube);
      const timeouts = join(out, 'timeouts.json');
      await writeFile(timeouts, JSON.stringify({ ...hurry, policySettleMs: policySettleMs(bed) }));
      const result = await tryAll(chosen, { bed, run, timeouts, options, signal });
      await run.settled();
      return await publish(result, out);
    } finally {
      await kube.close();
    }
  } finally {
    if (options.cluster === undefined && !options.keep) await begin('clean', '--name', cluster, '--force').ended;
  }
}

/** What is broken for good is waited for in vain: a fraction of the usual patience tells as much. */
const hurry = { settleMs: 12_000, dnsSettleMs: 15_000 };
/** Some CNIs wait up to 35 s before they act on a new label. */
const policySettleMs = ({ cni }: Pick<Bed, 'cni'>) => (cni.traits.delaysLabelChanges === true ? 45_000 : 15_000);

interface Place {
  readonly cluster: string;
  readonly out: string;
  readonly signal: AbortSignal;
}

/** Returns the kubeconfig of a cluster on which one case passed. @throws OrdealError CLUSTER */
async function provideCluster(options: MutationOptions, { cluster, out, signal }: Place): Promise<string> {
  const folder = join(out, 'cluster');
  const make = ['--fix', '--cni', options.cni, '--mesh', options.mesh, '--workers', '2', '--keep'];
  const how = options.cluster === undefined ? make : ['--reuse'];
  const running = begin('run', '--name', cluster, '--out', folder, '--include', canary, ...how);
  signal.addEventListener('abort', () => (process.stdin.isTTY ? undefined : running.signal('SIGINT')), { once: true });
  const { exitCode } = await running.ended;
  signal.throwIfAborted();
  if (exitCode === ExitCode.conforms) return join(folder, 'kubeconfig');
  throw new OrdealError('CLUSTER', `cluster ${cluster} is not fit for mutations: the first run ended with ${exitCode}`);
}

interface Suite {
  readonly bed: SuiteBed;
  readonly run: Run;
  /** File of the timeouts of runs under a mutation. */
  readonly timeouts: string;
  readonly options: MutationOptions;
  readonly signal: AbortSignal;
}

async function tryAll(
  chosen: readonly Mutation[],
  { bed, run, timeouts, options, signal }: Suite,
): Promise<SuiteResult> {
  const trial: Trial = {
    caseIds: (await loadCases(suitesRoot)).map(({ id }) => id),
    plan: async (mutation) => mutation.plan(bed),
    words: ({ kind }) => wordsOf(kind, bed),
    run: (what, include) => run(what, include, timeouts),
    verify: options.verify === 'each',
  };
  const results: MutationResult[] = [];
  let stopped: string | undefined;
  for (const [index, mutation] of chosen.entries()) {
    const why = whyNot(mutation, bed);
    process.stderr.write(`mutation ${index + 1}/${chosen.length}: ${mutation.name}: ${why ?? mutation.defect}\n`);
    if (why !== undefined) {
      results.push({ name: mutation.name, outcome: 'not-applicable', why });
      continue;
    }
    try {
      results.push(await runMutation(mutation, trial));
    } catch (error) {
      if (!(error instanceof UndoError)) throw error;
      stopped = describeError(error);
      break;
    }
    signal.throwIfAborted();
  }
  const clean = stopped === undefined ? await cleanRuns(options.cleanRuns, run) : { runs: 0, alarms: [] };
  const isOptional = (name: string) => mutations.find((one) => one.name === name)?.optional !== undefined;
  return {
    cni: bed.cni.name,
    results,
    score: score(results, isOptional),
    clean,
    ...(stopped === undefined ? {} : { stopped }),
  };
}

function whyNot(mutation: Mutation, { cni, mesh }: SuiteBed): string | undefined {
  if (mutation.mesh !== undefined && mutation.mesh !== mesh) return `needs a cluster with --mesh ${mutation.mesh}`;
  return lackOf(cni, mutation.needs) ?? mutation.unseenOn?.[cni.name];
}

function lackOf({ provides, traits }: Cni, needs: Mutation['needs']): string | undefined {
  if (needs === 'policy' && provides.NetworkPolicy !== true) return 'needs a CNI that enforces policies';
  if (needs === 'tunnel' && traits.tunnel === undefined) return 'needs a CNI that wraps traffic between nodes';
  if (needs !== 'node-routing' || traits.usesNodeRouting === true) return undefined;
  return "needs a CNI whose traffic between nodes passes the nodes' own routing";
}

async function cleanRuns(runs: number, run: Run): Promise<CleanRuns> {
  const alarms: { run: number; cases: CasesRun['cases'] }[] = [];
  for (let number = 1; number <= runs; number++) {
    const { cases, error } = await run(`clean-${number}`, []);
    const bad = cases.filter(({ status }) => status === 'failed' || status === 'inconclusive');
    const stopped = error === undefined ? [] : [{ id: 'the run itself', status: 'inconclusive', reason: error }];
    if (bad.length + stopped.length > 0) alarms.push({ run: number, cases: [...bad, ...stopped] });
  }
  return { runs, alarms };
}

async function publish(result: SuiteResult, out: string): Promise<ExitCode> {
  await writeFile(join(out, 'mutation.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  await writeFile(join(out, 'mutation.md'), markdownOf(result, mutations));
  process.stdout.write(textOf(result));
  const isGood = result.score.failed.length === 0 && result.clean.alarms.length === 0 && result.stopped === undefined;
  return isGood ? ExitCode.conforms : ExitCode.doesNotConform;
}
