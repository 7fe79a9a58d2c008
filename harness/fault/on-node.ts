import { runOnNode } from '../node/run.ts';
import type { NodeExec } from '../node/types.ts';
import { OrdealError } from '../base/errors.ts';
import type { FaultRecord } from './record.ts';
import type { NodeAction, RevertedBy } from './types.ts';

const folder = '/run/ordeal/faults';
const recordOf = (id: string) => `${folder}/${id}.json`;
const undoOf = (id: string) => `${folder}/${id}.undo`;
const doneOf = (id: string) => `${folder}/${id}.done`;
/** Serialises apply and undo on the node: an apply that comes after the deadline must find no record and give up. */
const locked = (id: string) => `exec 9>${folder}/${id}.lock && flock 9`;
const unitOf = (id: string) => `ordeal-fault-${id}`;

/**
 * The script that takes a fault away. Harness and timer run the very same file; the one that comes first says who it
 * was, the other finds no record and does nothing.
 */
export function undoScript(id: string, undo: string): string {
  return [
    `${locked(id)} || exit 1`,
    `test -e ${recordOf(id)} || exit 0`,
    `{ ${undo}; } || exit 1`,
    `echo "\${1:-deadline}" > ${doneOf(id)}`,
    `rm -f ${recordOf(id)}`,
    '',
  ].join('\n');
}

/** Puts the record and the undo script on the node, whole or not at all. */
export async function recordOnNode(exec: NodeExec, action: NodeAction, record: FaultRecord): Promise<void> {
  const { id } = record;
  const script = `mkdir -p ${folder} && cat > ${undoOf(id)}.tmp && mv ${undoOf(id)}.tmp ${undoOf(id)}`;
  await runOnNode(exec, action.node, 'store the undo script', ['sh', '-c', script], undoScript(id, action.undo));
  const store = `cat > ${recordOf(id)}.tmp && mv ${recordOf(id)}.tmp ${recordOf(id)}`;
  await runOnNode(exec, action.node, 'store the record', ['sh', '-c', store], `${JSON.stringify(record)}\n`);
}

/**
 * Starts the node's own timer. It survives the harness and whoever injected; a failing undo is tried again every
 * second by systemd.
 */
export async function armOnNode(exec: NodeExec, node: string, id: string, deadlineMs: number): Promise<void> {
  const timer = [`--on-active=${deadlineMs}ms`, '--timer-property=AccuracySec=100ms', `--unit=${unitOf(id)}`];
  const retry = ['--property=Restart=on-failure', '--property=RestartSec=1s', '--property=StartLimitIntervalSec=0'];
  await runOnNode(exec, node, 'arm the deadline', [
    ...['systemd-run', '--quiet', '--collect', ...timer, ...retry],
    ...['/bin/sh', undoOf(id), 'deadline'],
  ]);
}

/** Applies unless the deadline has already passed, then proves that the fault is in place. */
export async function applyOnNode(exec: NodeExec, action: NodeAction, id: string): Promise<void> {
  const late = `{ echo 'the deadline passed before the fault was applied' >&2; exit 75; }`;
  const script = `${locked(id)} && { test -e ${recordOf(id)} || ${late}; } && { ${action.apply}; }`;
  await runOnNode(exec, action.node, 'apply', ['sh', '-c', script], action.stdin);
  await runOnNode(exec, action.node, 'find in place', ['sh', '-c', action.present]);
}

/** Runs the undo script, disarms the timer, removes what the fault left under /run, and says who had undone it. */
export async function undoOnNode(exec: NodeExec, node: string, id: string): Promise<RevertedBy> {
  const run = `if test -e ${undoOf(id)}; then sh ${undoOf(id)} harness && cat ${doneOf(id)}; fi`;
  const who = (await runOnNode(exec, node, 'revert', ['sh', '-c', run])).trim();
  const tidy = `systemctl stop ${unitOf(id)}.timer ${unitOf(id)}.service 2>/dev/null; rm -f ${folder}/${id}.*`;
  await runOnNode(exec, node, 'tidy up', ['sh', '-c', tidy]);
  return who === 'harness' || who === 'deadline' ? who : 'nobody';
}

/** Returns the records on a node, one JSON text each. */
export async function recordsOnNode(exec: NodeExec, node: string): Promise<string[]> {
  const list = `for f in ${folder}/*.json; do test -e "$f" && cat "$f"; done; true`;
  const out = await runOnNode(exec, node, 'list records', ['sh', '-c', list]);
  return out.split('\n').filter((line) => line.trim() !== '');
}
