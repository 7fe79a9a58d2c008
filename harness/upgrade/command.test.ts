import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { runCommand } from './command.ts';

function ears() {
  const heard: string[] = [];
  return {
    heard,
    line: (stream: string, line: string) => void heard.push(`${stream}: ${line}`),
    step: (name: string) => void heard.push(`step ${name}`),
  };
}
const calm = { signal: new AbortController().signal, graceMs: 1_000 };

describe('the command that upgrades', () => {
  it('is heard line by line, its steps by name, and its exit code is told', async () => {
    const listener = ears();
    const script = 'echo one; echo "ordeal: step drain worker"; echo two >&2; exit 3';
    expect(await runCommand(['sh', '-c', script], listener, calm)).to.deep.equal({ exitCode: 3 });
    expect(listener.heard).to.have.members(['stdout: one', 'step drain worker', 'stderr: two']);
  });

  it('that is not there is an error of use', async () => {
    const thrown: unknown = await runCommand(['/no/such/program'], ears(), calm).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(OrdealError).with.property('code', 'USAGE');
  });

  it('is ended when the run is interrupted', async () => {
    const over = new AbortController();
    const ending = runCommand(['sleep', '60'], ears(), { ...calm, signal: over.signal });
    over.abort();
    expect(await ending)
      .to.have.property('exitCode')
      .that.is.not.equal(0);
  });
});
