import { expect } from 'chai';
import { Command } from 'commander';
import { execa } from 'execa';
import { packageRoot } from '../base/paths.ts';
import { registerAll } from './commands.ts';
import { registerCompletion } from './completion.ts';
import { wordsOf } from './completion-words.ts';

const program = new Command('ordeal');
registerAll(program);
const words = wordsOf(program);

async function script(shell: string): Promise<string> {
  const written: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  try {
    await program.parseAsync(['completion', shell], { from: 'user' });
  } finally {
    process.stdout.write = write;
  }
  return written.join('');
}

describe('ordeal completion', () => {
  let bash = '';
  before(async () => {
    bash = await script('bash');
  });

  /** What bash offers for each line, whose last word is being written: one shell for all, since starting one takes time. */
  async function offered(lines: Readonly<Record<string, readonly string[]>>): Promise<Record<string, string[]>> {
    const ask = Object.values(lines).map((words) => {
      const quoted = words.map((word) => `'${word}'`).join(' ');
      return `COMP_WORDS=(ordeal ${quoted}); COMP_CWORD=${words.length}; _ordeal; echo "\${COMPREPLY[*]}"`;
    });
    const { stdout } = await execa('bash', ['-c', [bash, ...ask].join('\n')], { cwd: packageRoot });
    const answers = stdout.split('\n').map((line) => line.split(' ').filter((word) => word !== ''));
    return Object.fromEntries(Object.keys(lines).map((line, index) => [line, answers[index] ?? []]));
  }

  it('offers commands, those below one, and flags', async () => {
    const said = await offered({
      program: [''],
      begun: ['cl'],
      images: ['images', ''],
      flag: ['run', '--collect'],
      inner: ['images', 'build', '--c'],
      later: ['run', '--keep', '--wor'],
    });
    expect(said['program']).to.include.members(['run', 'list', 'images', 'completion']);
    expect(said['images']).to.include.members(['list', 'build', 'prune']);
    expect(said).to.deep.include({
      begun: ['clean'],
      flag: ['--collect-logs'],
      inner: ['--cni'],
      later: ['--workers'],
    });
  });

  it('offers what a flag accepts, and files where it takes one', async () => {
    const said = await offered({
      names: ['run', '--cni', 'c'],
      scopes: ['run', '--collect-logs', ''],
      areas: ['run', '--area', 'dn'],
      files: ['run', '--kubeconfig', 'package.j'],
      anything: ['run', '--name', ''],
    });
    const scopes = ['none', 'own', 'system'];
    expect(said).to.deep.equal({
      names: ['calico', 'cilium'],
      scopes,
      areas: ['dns'],
      files: ['package.json'],
      anything: [],
    });
  });

  for (const shell of ['bash', 'zsh', 'fish']) {
    it(`knows every command and flag in ${shell}`, async () => {
      const text = await script(shell);
      for (const { path, flags } of words) {
        for (const word of path) expect(text).to.include(word);
        for (const { long } of flags) expect(text).to.include(long.slice(2));
      }
    });
  }

  it('refuses other shells', async () => {
    const other = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerCompletion(other);
    const error: unknown = await other
      .parseAsync(['completion', 'csh'], { from: 'user' })
      .catch((caught: unknown) => caught);
    expect(String(error)).to.match(/Allowed choices are bash, zsh, fish/);
  });
});
