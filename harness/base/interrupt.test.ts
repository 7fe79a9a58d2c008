import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from './paths.ts';

const base = join(projectRoot, 'harness', 'base');
const head = `
import { OrdealError } from '${join(base, 'errors.ts')}';
import { onInterrupt, onUncaught } from '${join(base, 'interrupt.ts')}';
onUncaught((error) => console.log('uncaught', error.message));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
`;
const working = `
const interrupt = onInterrupt((line) => console.log(line.split(':', 1).join()));
const until = new Promise((aborted) => interrupt.signal.addEventListener('abort', aborted));
const alive = setInterval(() => undefined, 1000);
const cleanUp = async () => {
  await until;
  await wait(20);
  console.log('cleaned up');
  clearInterval(alive);
  interrupt.stop();
  process.exitCode = 130;
};
`;

async function run(script: string) {
  const { stdout, exitCode } = await execa(process.execPath, ['--input-type=module', '-e', head + script], {
    reject: false,
  });
  return { said: stdout.split('\n'), exitCode };
}

describe('an error that nobody caught', () => {
  it('ends the process with 70 after what is under way has cleaned up', async () => {
    const { said, exitCode } = await run(`${working} setTimeout(() => { throw new Error('oops'); }); await cleanUp();`);
    expect(said).deep.equal(['uncaught oops', 'cleaned up']);
    expect(exitCode).equal(70);
  });

  it('is also a promise that nobody awaits, of which a second one changes nothing', async () => {
    const { said, exitCode } = await run(
      `${working} void Promise.reject(new Error('one')); void Promise.reject(new Error('two')); await cleanUp();`,
    );
    expect(said).deep.equal(['uncaught one', 'uncaught two', 'cleaned up']);
    expect(exitCode).equal(70);
  });

  it('ends it at once where nothing is to be cleaned up, with the code of an error that is no defect', async () => {
    expect((await run(`setInterval(() => undefined, 1000); throw new Error('x');`)).exitCode).equal(70);
    const full = `setInterval(() => undefined, 1000); throw new OrdealError('ENVIRONMENT', 'disk full');`;
    expect((await run(full)).exitCode).equal(3);
  });
});

describe('a signal', () => {
  it('that comes twice at once, from terminal and launcher, is one; SIGHUP is as good as SIGTERM', async () => {
    const { said, exitCode } = await run(
      `${working} process.kill(process.pid, 'SIGHUP'); process.kill(process.pid, 'SIGINT'); await cleanUp();`,
    );
    expect(said).deep.equal(['SIGHUP', 'cleaned up']);
    expect(exitCode).equal(130);
  });
});
