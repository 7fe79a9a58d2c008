import { expect } from 'chai';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Emit } from '../events/types.ts';
import { createFaultBench } from './bench.ts';
import type { FaultDriver } from './driver.ts';
import { ShellNode } from './shell-node.test-support.ts';
import { targetOf } from './target.test-support.ts';

/** A whole driver: it puts a stone into a hollow of a node. docs/faults.md shows the same shape. */
const stone: FaultDriver<{ node: string; hollow: string }> = {
  name: 'stone',
  summary: 'puts a stone into a hollow',
  targets: 'node',
  params: z.strictObject({ node: z.string(), hollow: z.string().startsWith('/') }),
  needs: ['NodeAccess'],
  plan: ({ nodeExec }, { node, hollow }) =>
    Promise.resolve({
      title: `a stone in ${hollow} of ${node}`,
      acts: (id) => [
        {
          site: { node },
          apply: `echo ${id} > ${hollow}`,
          undo: `rm -f ${hollow}`,
          isApplied: `test -e ${hollow}`,
        },
      ],
      effect: async () => {
        const present = (await nodeExec?.(node, ['cat', hollow]))?.code === 0;
        return { present, seen: present ? 'there is a stone' : 'it is empty' };
      },
    }),
};

describe('a driver that is one object', () => {
  it('is carried out, told, and taken back by the engine', async () => {
    const node = await ShellNode.make();
    const told: Parameters<Emit>[0][] = [];
    const bench = createFaultBench({
      cluster: targetOf({ exec: node.exec }),
      runId: 'run',
      stateDir: await mkdtemp(join(tmpdir(), 'ordeal-toy-')),
      timeouts: { settleMs: 100, settlePollMs: 1, faultDeadlineMs: 5_000 },
      emit: (event) => told.push(event),
    });
    const fault = await bench.prepare(stone, { node: 'one', hollow: join(node.folder, 'hollow') });
    expect((await fault.inject()).seen).to.equal('there is a stone');
    await fault.revert();
    expect(fault.result).to.include({ outcome: 'effective', revertedBy: 'harness' });
    const phases = told.map((event) =>
      event.type === 'fault' ? `${event.faultId} ${event.driver} ${event.phase}` : '',
    );
    expect(phases).to.deep.equal(['armed', 'injected', 'observed', 'reverted'].map((phase) => `run-1 stone ${phase}`));
    await node.remove();
  });
});
