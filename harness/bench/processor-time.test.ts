import { expect } from 'chai';
import type { NodeExec } from '../node/types.ts';
import type { Bed } from './bed.ts';
import { agentCpuSeconds, agentMemoryBytes, cpuMeter } from './processor-time.ts';

const saying =
  (...texts: string[]): NodeExec =>
  () =>
    Promise.resolve({ code: 0, stdout: texts.shift() ?? '', stderr: '' });

describe('what an agent takes', () => {
  const stat = (user: number, system: number) => `7 (an agent) S 1 7 7 0 -1 0 0 0 0 0 ${user} ${system} 0 0 20 0\n`;

  it('is the CPU time of all its processes, user and system', async () => {
    const agents = { exec: saying(stat(120, 30) + stat(50, 0)), process: 'agent' };
    expect(await agentCpuSeconds(agents, 'node')).to.equal(2);
  });

  it('is the memory that is its own share', async () => {
    const agents = { exec: saying('55-7f [rollup]\nRss:  90 kB\nPss:  40 kB\nPss_Dirty:  9 kB\n'), process: 'agent' };
    expect(await agentMemoryBytes(agents, 'node')).to.equal(40 * 1024);
  });

  it('is unknown where no such process runs', async () => {
    const error: unknown = await agentCpuSeconds({ exec: saying(''), process: 'agent' }, 'node').catch(
      (cause: unknown) => cause,
    );
    expect(error).to.have.property('message', 'no process of agent runs on node');
  });
});

describe('the CPU meter of a bed', () => {
  it('tells what all nodes took since it was read last', async () => {
    const nodeExec = saying('1000000000', '2000000000', '1500000000', '2500000000', '1500000000', '2500000000');
    const meter = await cpuMeter({ cluster: { nodeExec }, nodes: ['a', 'b'] } as unknown as Bed);
    expect([await meter.sinceLast(), await meter.sinceLast()]).to.deep.equal([1, 0]);
  });

  it('tells nothing where nodes cannot be entered', async () => {
    const meter = await cpuMeter({ cluster: {}, nodes: ['a'] } as unknown as Bed);
    expect(await meter.sinceLast()).to.equal(undefined);
  });
});
