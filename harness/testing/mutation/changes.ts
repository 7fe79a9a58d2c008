import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOnNode } from '../../node/run.ts';
import type { Bed, BedNode, Change } from './types.ts';

const folder = '/run/ordeal/mutations';

/** A change of a node's state as shell lines; all three must do no harm when run at any time. */
export interface NodeChange {
  readonly node: BedNode;
  /** Names files and units on the node: lower-case letters, digits, dashes. */
  readonly id: string;
  readonly apply: string;
  /** Given to `apply` on its standard input. */
  readonly stdin?: string;
  readonly undo: string;
  /** Exits 0 where nothing of the change is left. */
  readonly gone: string;
}

/**
 * Returns a change of a node that the node itself takes back at the bed's deadline, whatever became of us: the timer is
 * armed before the change is made.
 */
export function onNode(bed: Bed, { node, id, apply, stdin, undo, gone }: NodeChange): Change {
  const file = `${folder}/${id}.undo`;
  const unit = `ordeal-mutation-${id}-undo`;
  const sh = (what: string, script: string, input?: string) =>
    runOnNode(bed.exec, node.name, what, ['sh', '-c', script], input);
  const seconds = Math.ceil(bed.deadlineMs / 1_000);
  const disarm = `systemctl stop ${unit}.timer 2>/dev/null; systemctl reset-failed ${unit}.service 2>/dev/null; true`;
  return {
    title: `${id} on ${node.name}`,
    async apply() {
      await sh('store the undo', `mkdir -p ${folder} && ${disarm}; cat > ${file}`, `${undo}\n`);
      await sh('arm the deadline', `systemd-run --quiet --collect --on-active=${seconds} --unit=${unit} sh ${file}`);
      await sh(`apply ${id}`, apply, stdin);
    },
    async undo() {
      await sh(`undo ${id}`, undo);
      await sh(`disarm ${id}`, `${disarm}; rm -f ${file}`);
    },
    async isGone() {
      return (await bed.exec(node.name, ['sh', '-c', gone])).code === 0;
    },
  };
}

/** Returns an nftables table of a node; `rules` is what stands between its braces. Family `ip` unless given. */
export function nftTable(bed: Bed, node: BedNode, id: string, rules: string, family = 'ip'): Change {
  const table = `${family} ordeal_mutation_${id.replaceAll('-', '_')}`;
  const gone = `! nft list table ${table} >/dev/null 2>&1`;
  return onNode(bed, {
    ...{ node, id, gone },
    apply: 'nft -f -',
    stdin: `table ${table} {\n${rules}\n}\n`,
    undo: `nft delete table ${table} 2>/dev/null; ${gone}`,
  });
}

/** Returns a program that runs on a node as a unit of its own until the change is undone; `after` runs once it ended. */
export function background(
  bed: Bed,
  node: BedNode,
  id: string,
  run: { readonly argv: readonly string[]; readonly script: string; readonly before?: string; readonly after?: string },
): Change {
  const unit = `ordeal-mutation-${id}`;
  const file = `${folder}/${id}.script`;
  const start = `systemd-run --quiet --collect --unit=${unit} ${run.argv.map((word) => word.replace('SCRIPT', file)).join(' ')}`;
  const stopped = `! systemctl is-active --quiet ${unit}`;
  return onNode(bed, {
    ...{ node, id, stdin: run.script },
    apply: `cat > ${file} && ${run.before ?? 'true'} && ${start} && sleep 0.5 && systemctl is-active --quiet ${unit}`,
    undo: `systemctl stop ${unit} 2>/dev/null; ${run.after?.replaceAll('SCRIPT', file) ?? 'true'}; ${stopped} && rm -f ${file}`,
    gone: `${stopped} && test ! -e ${file}`,
  });
}

/** Returns the text of a program under on-node/. */
export function nodeProgram(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, 'on-node', name), 'utf8');
}

/** Returns a shell loop that does `line` every so many seconds. */
export function everySeconds(seconds: number, line: string): string {
  return `while :; do ${line}\nsleep ${seconds}; done\n`;
}
