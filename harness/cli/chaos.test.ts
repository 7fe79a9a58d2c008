import { expect } from 'chai';
import { Command } from 'commander';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseScenario } from '../chaos/scenario.ts';
import { registerChaos } from './chaos.ts';

async function chaos(...args: string[]): Promise<{ said: string; warned: string }> {
  const out: string[] = [];
  const warned: string[] = [];
  const program = new Command().exitOverride();
  const keep = (lines: string[]) => (line: string) => Promise.resolve(void lines.push(line));
  registerChaos(program, keep(out), keep(warned));
  await program.parseAsync(['chaos', ...args], { from: 'user' });
  return { said: out.join(''), warned: warned.join('') };
}
const refused = (...args: string[]) => chaos(...args).then(() => 'taken', String);
const onCluster = ['--name', 'no-such-cluster', '--target', 'shop/web'];

describe('ordeal chaos', () => {
  after(() => (process.exitCode = 0));

  it('lists and describes the faults there are', async () => {
    expect((await chaos('list')).said)
      .to.match(/^loss +loses a share/m)
      .and.match(/^drain +/m);
    const { said } = await chaos('describe', 'delay');
    expect(said)
      .to.match(/--target: NAMESPACE\/POD, or/)
      .and.match(/^ {2}ms \(needed\): number 0\.\.30000; each way/m);
  });

  it('refuses bad input before it looks for the cluster', async () => {
    expect(await refused('run', 'lag', ...onCluster, '--for', '5s')).to.match(/no fault lag; there are loss, delay/);
    expect(await refused('run', 'loss', ...onCluster, '--set', 'percent=5')).to.match(/--for is missing/);
    expect(await refused('run', 'loss', ...onCluster, '--for', '5s', '--set', 'rate=5')).to.match(/no parameter rate/);
    expect(await refused('run', 'loss', ...onCluster, '--for', '5s', '--watch', 'web')).to.match(/--watch web: write/);
    const both = ['--for', '5s', '--set', 'pods=[]'];
    expect(await refused('run', 'loss', ...onCluster, ...both)).to.match(/--target says it/);
    expect(await refused('run', '--name', 'c')).to.match(/name a fault, or a scenario/);
    expect(await refused('run', ...onCluster, '--file', 'x.yaml')).to.match(/leave out --target/);
    expect(await refused('run', '--name', 'c', '--file', 'none.yaml')).to.match(/none.yaml cannot be read/);
  });

  it('says what an experiment of Chaos Mesh is here, and what of it is lost', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'ordeal-import-')), 'chaos.yaml');
    const loss = 'loss: {loss: "25", correlation: "50"}';
    const spec = `action: loss, mode: one, selector: {namespaces: [shop]}, ${loss}, duration: 10s`;
    await writeFile(file, `kind: NetworkChaos\nmetadata: {name: a}\nspec: {${spec}}\n---\n`);
    const { said, warned } = await chaos('import', file);
    const [fault] = parseScenario(said, 'imported').faults;
    expect(fault).to.deep.include({ fault: 'loss', target: 'shop:', pick: 'one', for: '10s' });
    expect(fault?.set).to.deep.equal({ percent: 25, direction: 'egress' });
    expect(warned).to.match(/^a: not expressed: correlation 50/);
    expect(process.exitCode).to.equal(4);
    expect(await refused('import', `${file}.none`)).to.match(/cannot be read/);
  });
});
