import { OrdealError } from '../base/errors.ts';
import { runOnNode } from '../node/run.ts';
import type { NodeExec } from '../node/types.ts';
import { armRestart, disarmRestart, faultsFolder as folder } from './boot.ts';
import type { ActRecord } from './record.ts';
import type { NodeAct, Placed, RevertedBy } from './types.ts';

const unitPrefix = 'ordeal-fault-';

/** Names one act of one fault: of its files and units on a node none is another's. */
export function actName(faultId: string, index: number): string {
  return `${faultId}-act-${index}`;
}

/**
 * What stands for an act in commands that delete: one word of these characters. systemd lists a unit with what it runs, and
 * a name read from such a line once held a space and `/bin/sh`, which `rm -f` then took from the node.
 */
const namesAnAct = /^[\w.-]+-act-\d+$/;

const isActName = (name: string) => namesAnAct.test(name);

const fileOf = (name: string, kind: 'json' | 'undo' | 'done' | 'lock') => `${folder}/${name}.${kind}`;
/** Serialises apply and undo on the node: an apply that comes after the deadline must find no record and give up. */
const locked = (name: string) => `exec 9>${fileOf(name, 'lock')} && flock 9`;

/**
 * The script that takes an act away. Harness and timer run the very same file; the one that comes first says who it
 * was, the other finds no record and does nothing.
 */
export function undoScript(name: string, undo: string): string {
  return [
    `${locked(name)} || exit 1`,
    `test -e ${fileOf(name, 'json')} || exit 0`,
    // What it says is not who undid it.
    `{ ${undo}; } >&2 || exit 1`,
    `echo "\${1:-deadline}" > ${fileOf(name, 'done')}`,
    `rm -f ${fileOf(name, 'json')}`,
    '',
  ].join('\n');
}

/** Puts the undo script and the record of an act on its node, each whole or not at all. */
export async function recordOnNode(exec: NodeExec, act: NodeAct, record: ActRecord): Promise<void> {
  const { node } = act.site;
  const name = actName(record.id, record.act);
  const store = (file: string) => ['sh', '-c', `mkdir -p ${folder} && cat > ${file}.tmp && mv ${file}.tmp ${file}`];
  await runOnNode(exec, node, 'store the undo script', store(fileOf(name, 'undo')), undoScript(name, act.undo));
  await runOnNode(exec, node, 'store the record', store(fileOf(name, 'json')), `${JSON.stringify(record)}\n`);
}

/**
 * Starts the node's own timer for one act. It survives the harness and whoever injected, and no step of the clock moves it;
 * a failing undo is tried again every second by systemd. A restart of the node, which ends the timer, undoes the act.
 */
export async function armOnNode(exec: NodeExec, node: string, name: string, deadlineMs: number): Promise<void> {
  const timer = [`--on-active=${deadlineMs}ms`, '--timer-property=AccuracySec=100ms', `--unit=${unitPrefix}${name}`];
  const retry = ['--property=Restart=on-failure', '--property=RestartSec=1s', '--property=StartLimitIntervalSec=0'];
  await armRestart(exec, node);
  await runOnNode(exec, node, 'arm the deadline', [
    ...['systemd-run', '--quiet', '--collect', ...timer, ...retry],
    ...['/bin/sh', fileOf(name, 'undo'), 'deadline'],
  ]);
}

/** Applies unless the deadline has already passed, then proves that the act is in place. */
export async function applyOnNode(exec: NodeExec, act: Placed<NodeAct>, faultId: string): Promise<void> {
  const name = actName(faultId, act.index);
  const late = `{ echo 'the deadline passed before the fault was applied' >&2; exit 75; }`;
  const script = `${locked(name)} && { test -e ${fileOf(name, 'json')} || ${late}; } && { ${act.apply}; }`;
  await runOnNode(exec, act.site.node, 'apply', ['sh', '-c', script], act.stdin);
  await runOnNode(exec, act.site.node, 'find in place', ['sh', '-c', act.isApplied]);
}

/** Runs the undo script of an act, disarms its timer, removes its files, and says who had undone it. @throws OrdealError FAULT */
export async function undoOnNode(exec: NodeExec, node: string, name: string): Promise<RevertedBy> {
  if (!isActName(name)) throw new OrdealError('FAULT', `"${name}" names no act of a fault on node ${node}`);
  const undo = fileOf(name, 'undo');
  const done = fileOf(name, 'done');
  const run = `if test -e ${undo}; then sh ${undo} harness || exit 1; if test -e ${done}; then cat ${done}; fi; fi`;
  const who = (await runOnNode(exec, node, 'revert', ['sh', '-c', run])).trim();
  const units = `${unitPrefix}${name}.timer ${unitPrefix}${name}.service`;
  const tidy = `systemctl stop ${units} 2>/dev/null; rm -f ${folder}/${name}.*; ${disarmRestart}`;
  await runOnNode(exec, node, 'tidy up', ['sh', '-c', tidy]);
  return who === 'harness' || who === 'deadline' ? who : 'nobody';
}

/** What faults have on a node: the records, one JSON text each, and the names of all acts with any file or unit. */
export interface NodeLeftovers {
  readonly records: readonly string[];
  readonly acts: readonly string[];
}

/** Returns what faults, of whatever run, have on a node. @throws OrdealError FAULT when the node does not say. */
export async function leftoversOnNode(exec: NodeExec, node: string): Promise<NodeLeftovers> {
  const files = `for f in ${folder}/*.json; do test -e "$f" && cat "$f"; done`;
  const names = `ls ${folder} 2>/dev/null | sed -n 's/^\\([^ ]*-act-[0-9]*\\)\\..*/act \\1/p'`;
  const list = `systemctl list-units --all --plain --no-legend '${unitPrefix}*' | cut -d ' ' -f 1`;
  const units = `${list} | sed -n 's/^${unitPrefix}\\([^ ]*-act-[0-9]*\\)\\..*/act \\1/p'`;
  const out = await runOnNode(exec, node, 'list faults', ['sh', '-c', `${files}; ${names}; ${units}; true`]);
  const lines = out.split('\n').filter((line) => line.trim() !== '');
  const acts = lines.flatMap((line) => (line.startsWith('act ') ? [line.slice('act '.length)] : []));
  return { records: lines.filter((line) => !line.startsWith('act ')), acts: [...new Set(acts)].filter(isActName) };
}
