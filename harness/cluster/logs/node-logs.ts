import { join } from 'node:path';
import { timeoutsInForce } from '../../base/timeouts.ts';
import { docker } from '../../node/docker.ts';
import type { LogFolder } from './log-folder.ts';

export const tailLines = 2_000;

/** Commands whose output explains a node, by the file it goes to. */
const nodeCommands: Readonly<Record<string, readonly string[]>> = {
  'kubelet.log': ['journalctl', '--no-pager', '-u', 'kubelet'],
  'containerd.log': ['journalctl', '--no-pager', '-u', 'containerd'],
  'network.txt': ['sh', '-c', 'ip -br addr; ip route; ip -6 route; ls /etc/cni/net.d; iptables-save | wc -l'],
};

/** Writes what a node of kind says: its console, the journals of kubelet and container runtime, its network. */
export async function nodeLogs(logs: LogFolder, node: string): Promise<void> {
  const options = { timeoutMs: timeoutsInForce().nodeCommandMs };
  const console = await docker(['logs', '--tail', String(tailLines), node], options);
  await logs.write(join(node, 'console.log'), console.stdout + console.stderr);
  for (const [file, command] of Object.entries(nodeCommands)) {
    const { stdout, stderr } = await docker(['exec', node, ...command], options);
    await logs.write(join(node, file), stdout + stderr);
  }
}
