import { join } from 'node:path';
import { execa } from 'execa';
import { agnhost } from '../../../clusters/components/agnhost.ts';
import { cyclonus } from '../../../clusters/components/cyclonus.ts';
import { loadBuilt } from '../../cluster/kind/load-built.ts';
import { listNodes } from '../../kube/nodes.ts';
import { OrdealError } from '../../base/errors.ts';
import { hostContext } from '../../images/context.ts';
import { decideSource } from '../../images/ensure.ts';
import { ensureBinaries } from '../../images/go-build.ts';
import type { Kube } from '../../kube/types.ts';
import type { Progress, StepReport } from '../../base/progress.ts';
import { PeerCases, type PeerProgress } from './peer-progress.ts';

/** The server Cyclonus 0.5.6 asks for; any agnhost speaks what it needs. */
const serverImage = 'registry.k8s.io/e2e-test-images/agnhost:2.43';
/** It has no option for a prefix. */
const namespaces = ['x', 'y', 'z'];
const graceMs = 5_000;

export interface PeerRun {
  readonly kubeconfig: string;
  readonly tag: string;
  /** Stops it once so many cases are finished: it takes a minute or two for each. */
  readonly cases: number;
  readonly signal: AbortSignal;
}

/** Returns the path of Cyclonus, built unless it is cached, with its server image in the nodes where none can pull. */
export async function preparePeer(kube: Kube, progress: Progress, signal: AbortSignal): Promise<string> {
  const program = await progress.step(`build ${cyclonus.name} ${cyclonus.version}`, async (report) =>
    join(await ensureBinaries(hostContext({ report }), cyclonus), cyclonus.name),
  );
  const { source, why } = await decideSource({ source: 'auto', components: [agnhost] });
  progress.note(`server image: from ${source} (${why})`);
  if (source === 'source') {
    await progress.step(`load ${serverImage}`, (report) => loadServer(kube, report, signal));
  }
  return program;
}

async function loadServer(kube: Kube, report: StepReport, signal: AbortSignal): Promise<void> {
  const nodes = (await listNodes(kube)).map(({ metadata }) => metadata.name);
  await loadBuilt(agnhost, nodes, { report, signal, as: serverImage });
}

/**
 * Runs Cyclonus until enough cases are finished, removes what it made, and returns how far it came.
 * @throws OrdealError USAGE where its namespaces exist already, ENVIRONMENT with its last words where no case finished.
 */
export async function runPeer(kube: Kube, program: string, run: PeerRun, report: StepReport): Promise<PeerProgress> {
  await refuseOccupied(kube);
  try {
    return await untilFinished(program, run, report);
  } finally {
    await Promise.all(namespaces.map((name) => kube.remove(namespaceNamed(name), { awaitGone: true })));
  }
}

const namespaceNamed = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', name });

async function refuseOccupied(kube: Kube): Promise<void> {
  const found = await Promise.all(namespaces.map((name) => kube.get(namespaceNamed(name))));
  const taken = namespaces.filter((_, index) => found[index] !== undefined);
  if (taken.length === 0) return;
  throw new OrdealError(
    'USAGE',
    `Cyclonus works in the namespaces ${namespaces.join(', ')}; there: ${taken.join(', ')}`,
    {
      remedy: 'they would be changed and removed: remove them, or take another cluster',
    },
  );
}

async function untilFinished(program: string, run: PeerRun, report: StepReport): Promise<PeerProgress> {
  const enough = new AbortController();
  const cancelSignal = AbortSignal.any([run.signal, enough.signal]);
  const args = ['generate', '--include', run.tag, '--server-protocol', 'TCP,UDP'];
  const env = { KUBECONFIG: run.kubeconfig };
  const running = execa(program, args, { env, all: true, reject: false, cancelSignal, forceKillAfterDelay: graceMs });
  const cases = new PeerCases();
  let last = '';
  for await (const line of running.iterable({ from: 'all' })) {
    if (line.trim() !== '') last = line;
    const { finished, chosen } = cases.read(line, performance.now());
    report(`${finished} of ${Math.min(run.cases, chosen)} cases`);
    if (finished >= run.cases) enough.abort();
  }
  await running;
  if (run.signal.aborted) throw new OrdealError('INTERRUPTED', 'stopped while Cyclonus ran');
  const progress = cases.progress();
  if (progress.finished > 0) return progress;
  throw new OrdealError(
    'ENVIRONMENT',
    `Cyclonus finished no case of ${run.tag}; its last words: ${last.slice(0, 300)}`,
  );
}
