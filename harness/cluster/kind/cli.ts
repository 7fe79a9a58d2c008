import { timeoutsInForce } from '../../base/timeouts.ts';
import { execa } from 'execa';
import { OrdealError } from '../../base/errors.ts';
import type { StepReport } from '../../base/progress.ts';

export interface KindCreate {
  /** Path of the kind binary. */
  readonly kind: string;
  readonly name: string;
  readonly config: string;
  readonly kubeconfig: string;
  readonly network: string;
  readonly signal?: AbortSignal;
  readonly report: StepReport;
}

const shownLines = 12;

/**
 * Creates the nodes of a cluster, the kubeconfig going to `kubeconfig` only. Failed nodes are left for their logs.
 * @throws OrdealError CLUSTER with kind's last lines, INTERRUPTED.
 */
export async function createNodes(create: KindCreate): Promise<void> {
  const { kind, name, config, kubeconfig, network } = create;
  const child = execa(
    kind,
    ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', kubeconfig, '--retain'],
    {
      input: config,
      env: { KIND_EXPERIMENTAL_DOCKER_NETWORK: network, KIND_EXPERIMENTAL_PROVIDER: 'docker', KUBECONFIG: kubeconfig },
      all: true,
      reject: false,
      cancelSignal: create.signal,
      killDescendants: true,
      forceKillAfterDelay: timeoutsInForce().commandGraceMs,
    },
  );
  child.all.on('data', (chunk: Buffer) => reportStep(chunk, create.report));
  const result = await child;
  if (!result.failed) return;
  if (result.isCanceled) throw new OrdealError('INTERRUPTED', `creating the nodes of ${name} was stopped`);
  const said = result.all.trimEnd().split('\n').slice(-shownLines).join('\n');
  throw new OrdealError('CLUSTER', `kind could not create the nodes of ${name}: ${said || result.shortMessage}`, {
    remedy: 'The logs of the nodes are in the run folder under logs/.',
    cause: result.shortMessage,
  });
}

/** kind marks each of its steps with a bullet. */
function reportStep(chunk: Buffer, report: StepReport): void {
  const step = /[•✓] ([^\n\r]*)/u.exec(chunk.toString('utf8'))?.[1];
  if (step !== undefined) report(step.trim().replace(/\.\.\.$/, ''));
}
