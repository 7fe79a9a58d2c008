import { expect } from 'chai';
import type { NodeExec } from '../node/types.ts';
import { id, absent, failure, planned, present } from './planned.test-support.ts';
import { ShellNode } from './shell-node.test-support.ts';
import { sweepFaults } from './sweep.ts';
import type { NodeAct } from './types.ts';

/** Real shells and files; only systemd is not. */
describe('two acts of one fault on one node', () => {
  let node: ShellNode;
  beforeEach(async () => {
    node = await ShellNode.make();
  });
  afterEach(() => node.remove());

  const act = (name: string, undo = `echo -${name} >> ${node.trail}`): NodeAct => ({
    site: { node: 'one' },
    apply: `echo +${name} >> ${node.trail}`,
    undo,
    isApplied: `grep -q -x -e +${name} ${node.trail}`,
  });
  const make = (...acts: NodeAct[]) => planned(node.exec, acts, [absent, present, absent]);

  it('are both undone, the last one first, and leave nothing', async () => {
    const { fault } = await make(act('a'), act('b'));
    await fault.inject();
    expect(node.timers.size).to.equal(2);
    expect(await fault.revert()).to.equal('harness');
    expect(await node.happened()).to.deep.equal(['+a', '+b', '-b', '-a']);
    expect(await node.files()).to.deep.equal([]);
    expect(node.timers.size).to.equal(0);
  });

  it('are each undone by a deadline of their own, once', async () => {
    const { fault } = await make(act('a'), act('b'));
    await fault.inject();
    await node.passDeadlines();
    expect((await node.happened()).slice(2)).to.have.members(['-a', '-b']);
    expect(await fault.revert()).to.equal('deadline');
    expect(await node.happened()).to.have.length(4);
    expect(await node.files()).to.deep.equal([]);
  });

  it('are both undone when the node starts again, whose timers are gone, and nothing of that stays', async () => {
    const { fault } = await make(act('a'), act('b'));
    await fault.inject();
    expect(await node.startsWith()).to.deep.equal(['ordeal-faults-boot.service']);
    await node.restart();
    expect((await node.happened()).slice(2)).to.deep.equal(['-b', '-a']);
    expect(await fault.revert()).to.equal('deadline');
    expect(await node.happened()).to.have.length(4);
    expect(await node.startsWith()).to.deep.equal([]);
    expect(await node.files()).to.deep.equal([]);
  });

  it('may say what they like while they are undone: who did it is told all the same', async () => {
    const { fault } = await make(act('a', `echo node/one untainted; echo -a >> ${node.trail}`));
    await fault.inject();
    expect(await fault.revert()).to.equal('harness');
  });

  it('are found by their names alone where systemd lists what their timers run', async () => {
    const { fault } = await make(act('a'), act('b'));
    await fault.inject();
    const asked: string[] = [];
    const exec: NodeExec = (...call) => {
      asked.push(call[1].join(' '));
      return node.exec(...call);
    };
    const swept = await sweepFaults({ exec, nodes: ['one'] });
    expect(swept.map((one) => one.act)).to.deep.equal([`${id}-act-1`, `${id}-act-0`]);
    expect(asked.filter((line) => /rm -f .*bin/.test(line))).to.deep.equal([]);
    expect(await node.happened()).to.deep.equal(['+a', '+b', '-b', '-a']);
    expect(node.timers.size).to.equal(0);
  });

  it('are not applied after their deadline', async () => {
    const slow: NodeExec = async (...call) => {
      if (call[1].join(' ').includes('+a')) await node.passDeadlines();
      return node.exec(...call);
    };
    const { fault } = await planned(slow, [act('a'), act('b')], [absent]);
    expect((await failure(fault.inject())).message).to.match(/the deadline passed before the fault was applied/);
    expect(await node.happened()).to.not.include('+a');
  });

  it('do not keep each other broken: the rest is undone when one cannot be', async () => {
    const { fault, phases } = await make(act('a'), act('b', 'false'));
    await fault.inject();
    expect((await failure(fault.revert())).message).to.match(/may still be in place/);
    expect(phases.at(-1)).to.equal('leaked');
    expect((await node.happened()).slice(2)).to.deep.equal(['-a']);
    expect(await node.files()).to.include(`${id}-act-1.json`);
  });

  it('are swept, the last one first, when who injected is gone', async () => {
    await (await make(act('a'), act('b'))).fault.inject();
    const swept = await sweepFaults({ exec: node.exec, nodes: ['one'] });
    expect(swept.map(({ act: name, title, by }) => [name, title, by])).to.deep.equal([
      [`${id}-act-1`, 'cut', 'harness'],
      [`${id}-act-0`, 'cut', 'harness'],
    ]);
    expect(await node.happened()).to.deep.equal(['+a', '+b', '-b', '-a']);
    expect(await node.files()).to.deep.equal([]);
  });
});
