import { once } from 'node:events';
import { expect } from 'chai';
import { freePort, type LocalAgent, startLocalAgent } from '../local-agent.test-support.ts';

const server = '127.0.0.33';
const timeoutMs = 2_000;

describe('an agent told to go', () => {
  let client: LocalAgent;
  before(async () => {
    client = await startLocalAgent({ name: 'client', address: '127.0.0.34', ports: [] });
  });
  after(() => client.stop());

  /** Starts a server, tells it to go, and returns what it answers then and how it ended. */
  async function told(drainMs: number | undefined) {
    const port = await freePort(server);
    const one = await startLocalAgent({ name: 'server', address: server, ports: [{ port, protocol: 'TCP' }], drainMs });
    const exit = once(one.process, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const reach = async () => (await client.agent.probe([{ kind: 'tcp', host: server, port, timeoutMs }]))[0]?.verdict;
    one.process.kill('SIGTERM');
    return { one, exit, reach };
  }

  it('serves as long as it drains, then ends by itself and refuses', async () => {
    const { exit, reach } = await told(1_000);
    expect(await reach()).to.equal('open');
    expect(await exit).to.deep.equal([0, null]);
    expect(await reach()).to.equal('refused');
  });

  it('ends at once where it need not drain', async () => {
    const { exit, reach } = await told(0);
    expect(await exit).to.deep.equal([0, null]);
    expect(await reach()).to.equal('refused');
  });

  it('serves until it is killed where nothing is said of draining, as an application that ignores the signal', async () => {
    const { one, exit, reach } = await told(undefined);
    expect([await reach(), await reach()]).to.deep.equal(['open', 'open']);
    await one.stop();
    expect(await exit).to.deep.equal([null, 'SIGKILL']);
  });
});
