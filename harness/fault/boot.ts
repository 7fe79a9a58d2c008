import { runOnNode } from '../node/run.ts';
import type { NodeExec } from '../node/types.ts';

/** Where a node keeps what undoes its faults: on disk, so that a restart does not take it along with the faults' timers. */
export const faultsFolder = '/var/lib/ordeal/faults';

const units = '/etc/systemd/system';
const unit = `${units}/ordeal-faults-boot.service`;
const wanted = `${units}/multi-user.target.wants/ordeal-faults-boot.service`;
const locked = `exec 8>${unit}.lock && flock 8`;

/** What a restart interrupted has ended: everything is undone at once, the last first, again and again until it succeeds. */
const bootUnit = `[Unit]
Description=Takes back the faults that a restart of this node interrupted
StartLimitIntervalSec=0
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'rc=0; for f in $$(ls -r ${faultsFolder}/*.undo 2>/dev/null); do sh $$f deadline || rc=1; done; exit $$rc'
Restart=on-failure
RestartSec=1s
[Install]
WantedBy=multi-user.target
`;

/**
 * Has the node undo its faults when it starts: its timers, which would have, do not outlive a restart. What a fault did to
 * the cluster through the API does. @throws OrdealError FAULT where the node cannot be told so.
 */
export async function armRestart(exec: NodeExec, node: string): Promise<void> {
  const install = `mkdir -p ${units}/multi-user.target.wants && ${locked} && cat > ${unit} && ln -sf ${unit} ${wanted}`;
  await runOnNode(exec, node, 'prepare for a restart', ['sh', '-c', install], bootUnit);
}

/** A shell line that takes this back once no fault is left on the node. */
export const disarmRestart = `( test ! -e ${unit} || { ${locked} && { ls ${faultsFolder}/*.undo >/dev/null 2>&1 || rm -f ${unit} ${unit}.lock ${wanted}; }; } )`;
