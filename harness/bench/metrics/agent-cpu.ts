import { setTimeout as pause } from 'node:timers/promises';
import type { Bed } from '../bed.ts';
import type { BenchMetric, Reading } from '../metric.ts';
import { agentCpuSeconds, agentMemoryBytes, nodeAgents } from '../processor-time.ts';

/** What the CNI takes while nothing happens; probe pods and control plane do not count. */
export const agentIdle: BenchMetric = {
  name: 'bench.agent_cpu_idle',
  title: 'CPU of the CNI’s node agents, idle',
  unit: 'ratio',
  better: 'lower',
  load: 'none: CPU seconds a second and node of the processes of the CNI’s agent, by the kernel’s count',
  by: [],
  needs: 'NodeAccess',
  also: [
    {
      name: 'bench.agent_memory',
      title: 'memory of the CNI’s node agents',
      unit: 'bytes',
      better: 'lower',
      load: 'none: proportional set size of the processes of the CNI’s agent, a node',
      by: [],
    },
  ],
  async measure(bed, { idleMs }, { signal }) {
    const cpu = await agentCpuDuring(bed, () => pause(idleMs, undefined, { signal }));
    const agents = nodeAgents(bed.cluster);
    const bytes = await Promise.all(bed.nodes.map((node) => agentMemoryBytes(agents, node)));
    const shares = cpu.seconds.map((seconds): Reading => ({ labels: {}, value: seconds / cpu.lasted }));
    return [...shares, ...bytes.map((value): Reading => ({ labels: {}, value, of: 'bench.agent_memory' }))];
  },
};

/** Returns the CPU seconds of the agent on each node while `work` goes on, and how many seconds that was. */
export async function agentCpuDuring(
  { cluster, nodes }: Bed,
  work: () => Promise<unknown>,
): Promise<{ seconds: number[]; lasted: number }> {
  const agents = nodeAgents(cluster);
  const read = () => Promise.all(nodes.map((node) => agentCpuSeconds(agents, node)));
  const before = await read();
  const beganAt = performance.now();
  await work();
  const lasted = (performance.now() - beganAt) / 1000;
  const after = await read();
  return { seconds: after.map((now, index) => now - (before[index] ?? 0)), lasted };
}
