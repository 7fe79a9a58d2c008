import { cnis } from '../../../clusters/index.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { InconclusiveError } from '../../base/errors.ts';
import type { NodeExec } from '../../node/types.ts';
import { runOnNode } from '../../node/run.ts';
import type { BenchMetric } from '../metric.ts';

/** Kernel clock ticks a second, which times in /proc are in on every Linux that Kubernetes runs on. */
const ticksPerSecond = 100;

/** What the CNI takes while nothing happens; probe pods and control plane do not count. */
export const agentCpu: BenchMetric = {
  name: 'bench.agent_cpu_idle',
  title: 'CPU of the CNI’s node agents, idle',
  unit: 'ratio',
  better: 'lower',
  load: 'none: CPU seconds a second and node of the processes of the CNI’s agent, by the kernel’s count',
  by: [],
  needs: 'NodeAccess',
  async measure({ cluster, nodes }, { idleMs }, { signal }) {
    const exec = cluster.nodeExec;
    const cni = cnis.find(({ name }) => name === cluster.info.cni);
    if (exec === undefined || cni === undefined) throw new InconclusiveError('the nodes or the agent are not known');
    const read = () => Promise.all(nodes.map((node) => ticks(exec, node, cni.agent.process)));
    const before = await read();
    const beganAt = performance.now();
    await pause(idleMs, undefined, { signal });
    const after = await read();
    const seconds = (performance.now() - beganAt) / 1000;
    return after.map((now, i) => ({ labels: {}, value: (now - (before[i] ?? 0)) / ticksPerSecond / seconds }));
  },
};

/** User and system time of all processes of that command line; those of children that ended are not counted. */
async function ticks(exec: NodeExec, node: string, process: string): Promise<number> {
  const script = `for pid in $(pgrep -f "$1"); do [ $pid = $$ ] || cat /proc/$pid/stat 2>/dev/null; done`;
  const stats = await runOnNode(exec, node, 'read CPU times', ['sh', '-c', script, 'sh', process]);
  const times = stats.split('\n').flatMap((line) => {
    // The command, in brackets, may hold blanks.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return line === '' ? [] : [Number(fields[11]) + Number(fields[12])];
  });
  if (times.length === 0) throw new InconclusiveError(`no process of ${process} runs on ${node}`);
  return times.reduce((sum, time) => sum + time, 0);
}
