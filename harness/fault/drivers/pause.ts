import type { NodeExec } from '../../node/types.ts';
import type { Cluster } from '../../cluster/types.ts';
import { OrdealError } from '../../base/errors.ts';
import { runOnNode } from '../../node/run.ts';
import type { Effect, FaultPlan } from '../types.ts';

/**
 * Plans to stop (SIGSTOP) every process called `command` on a node; the inverse is SIGCONT to whatever bears that name
 * then, so that a restarted process needs no special case. `command` is the kernel's 15-character name, which a
 * pattern on the command line would not match more exactly: it cannot hit our own shell.
 * Throws OrdealError FAULT when nothing of that name runs.
 */
export async function planPause(cluster: Pick<Cluster, 'nodeExec'>, node: string, command: string): Promise<FaultPlan> {
  const exec = cluster.nodeExec;
  if (exec === undefined) throw new OrdealError('FAULT', 'pausing a process needs access to the nodes');
  await runOnNode(exec, node, `find the process ${command}`, ['pgrep', '-x', command]);
  return {
    kind: 'pause',
    title: `${command} on ${node} paused`,
    actions: () => [
      {
        node,
        apply: `pkill -STOP -x ${command}`,
        undo: `pkill -CONT -x ${command} || true`,
        present: stopped(command),
      },
    ],
    effect: () => pauseEffect(exec, node, command),
  };
}

/**
 * Returns a shell line that exits 0 when processes of that name are stopped (state T) and only younger ones run: health
 * probes of the container may bear its name, and hang as long as who they ask is stopped.
 */
export function stopped(command: string): string {
  const judge = '/^T/ { stopped = 1; if (runs) exit 1; next } { runs = 1 } END { if (!stopped) exit 1 }';
  return `ps -C ${command} --sort=start_time -o stat= | awk '${judge}'`;
}

async function pauseEffect(exec: NodeExec, node: string, command: string): Promise<Effect> {
  const { code } = await exec(node, ['sh', '-c', stopped(command)]);
  return { present: code === 0, seen: `${command} on ${node} ${code === 0 ? 'is stopped' : 'runs'}` };
}
