import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import { runOnNode } from '../../node/run.ts';
import type { FaultDriver } from '../driver.ts';
import { healthEffect } from '../health.ts';

const Params = z.strictObject({
  node: z.string().describe('name of the node it runs on'),
  process: z
    .string()
    .regex(/^[\w.-]{1,15}$/)
    .describe("the kernel's name of the process, at most 15 characters"),
  health: z
    .strictObject({
      askedFrom: z.string().describe('name of the node that asks'),
      url: z.url().describe('answers, whatever it says, as long as the process runs'),
    })
    .optional()
    .describe('where it is seen from outside that the process hangs'),
});
type Params = z.infer<typeof Params>;

/**
 * Stops (SIGSTOP) every process of a name on a node; the inverse is SIGCONT to whatever bears that name then, so that a
 * restarted process needs no special case. The name is the kernel's, which a pattern on the command line would not match
 * more exactly: it cannot hit our own shell. The effect is that its health endpoint stops answering.
 */
export const pause: FaultDriver<Params> = {
  name: 'pause',
  summary: 'hangs every process of a name on a node',
  targets: 'node',
  params: Params,
  needs: ['NodeAccess'],
  async plan({ nodeExec: exec }, { node, process, health }) {
    if (exec === undefined) throw new OrdealError('FAULT', 'pausing a process needs access to the nodes');
    await runOnNode(exec, node, `find the process ${process}`, ['pgrep', '-x', process]);
    const act = {
      site: { node },
      apply: `pkill -STOP -x ${process}`,
      undo: `pkill -CONT -x ${process} || true`,
      isApplied: stopped(process),
    };
    return {
      title: `${process} on ${node} paused`,
      acts: () => [act],
      ...(health && { effect: healthEffect(exec, health) }),
    };
  },
};

/**
 * Returns a shell line that exits 0 when processes of that name are stopped (state T) and only younger ones run: health
 * probes of the container may bear its name, and hang as long as who they ask is stopped.
 */
export function stopped(command: string): string {
  const judge = '/^T/ { stopped = 1; if (runs) exit 1; next } { runs = 1 } END { if (!stopped) exit 1 }';
  return `ps -C ${command} --sort=start_time -o stat= | awk '${judge}'`;
}
