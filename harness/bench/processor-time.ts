import { cnis } from '../../clusters/index.ts';
import { InconclusiveError } from '../base/errors.ts';
import type { Cluster } from '../cluster/types.ts';
import { runOnNode } from '../node/run.ts';
import type { NodeExec } from '../node/types.ts';
import type { Bed } from './bed.ts';

/** Kernel clock ticks a second, which times in /proc are in on every Linux that Kubernetes runs on. */
const ticksPerSecond = 100;

/** A CNI's agent on nodes that can be entered. */
export interface NodeAgents {
  readonly exec: NodeExec;
  readonly process: string;
}

/** Returns how to find the CNI's agent on each node. @throws InconclusiveError where nobody knows. */
export function nodeAgents({ nodeExec, info }: Cluster): NodeAgents {
  const cni = cnis.find(({ name }) => name === info.cni);
  if (nodeExec === undefined || cni === undefined) throw new InconclusiveError('the nodes or the agent are not known');
  return { exec: nodeExec, process: cni.agent.process };
}

/**
 * Returns CPU seconds, user and system, of all processes of the agent on a node since they began; those of children that
 * ended are not counted. @throws InconclusiveError where none runs.
 */
export async function agentCpuSeconds(agents: NodeAgents, node: string): Promise<number> {
  const stats = await ofProcesses(agents, node, 'stat');
  const ticks = stats.map((line) => {
    // The command, in brackets, may hold blanks.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

/** Returns the bytes that the agent's processes on a node keep in memory, shared ones in part. @throws InconclusiveError as above. */
export async function agentMemoryBytes(agents: NodeAgents, node: string): Promise<number> {
  const lines = await ofProcesses(agents, node, 'smaps_rollup');
  const kibibytes = lines.flatMap((line) => /^Pss:\s+(\d+) kB/.exec(line)?.[1] ?? []);
  return kibibytes.reduce((sum, one) => sum + Number(one) * 1024, 0);
}

async function ofProcesses({ exec, process }: NodeAgents, node: string, file: string): Promise<string[]> {
  const script = `for pid in $(pgrep -f "$1"); do [ $pid = $$ ] || cat /proc/$pid/${file} 2>/dev/null; done`;
  const text = await runOnNode(exec, node, 'read what processes take', ['sh', '-c', script, 'sh', process]);
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw new InconclusiveError(`no process of ${process} runs on ${node}`);
  return lines;
}

/** The root of a node that is a container is all that runs in it, whichever hierarchy its kernel counts in. */
const nodeUsage = `cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null ||
awk '/^usage_usec/ { printf "%d000\\n", $2 }' /sys/fs/cgroup/cpu.stat`;

/** Returns the CPU seconds that nodes took, all together, kernel included, since they began. */
async function nodeCpuSeconds(exec: NodeExec, nodes: readonly string[]): Promise<number> {
  const read = (node: string) => runOnNode(exec, node, 'read the CPU time of', ['sh', '-c', nodeUsage]);
  const nanoseconds = (await Promise.all(nodes.map(read))).map(Number);
  if (nanoseconds.some((one) => !(one > 0))) throw new InconclusiveError('a node does not tell its CPU time');
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9;
}

/** Returns a meter of the CPU seconds of both workers from one reading to the next; `undefined` where none can be read. */
export async function cpuMeter({ cluster, nodes }: Bed): Promise<{ sinceLast(): Promise<number | undefined> }> {
  const { nodeExec } = cluster;
  if (nodeExec === undefined) return { sinceLast: () => Promise.resolve(undefined) };
  let last = await nodeCpuSeconds(nodeExec, nodes);
  const sinceLast = async () => {
    const now = await nodeCpuSeconds(nodeExec, nodes);
    const took = now - last;
    last = now;
    return took;
  };
  return { sinceLast };
}
