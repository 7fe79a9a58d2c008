import { expect } from 'chai';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { poll } from '../../kube/poll.ts';
import { Trails } from './trail.ts';

const greet = () => createServer((socket) => socket.on('error', () => undefined).end('pod 127.0.0.1\n'));

async function listening(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a trail', () => {
  const trails = new Trails();
  let server = greet();
  let port = 0;
  beforeEach(async () => {
    server = greet();
    port = await listening(server);
    trails.start('t', {
      probe: { kind: 'tcp', host: '127.0.0.1', port, timeoutMs: 2_000 },
      everyMs: 10,
      reuse: false,
    });
  });
  afterEach(async () => {
    await trails.stop('t');
    server.close();
  });

  const runs = (from = 0) => trails.read({ t: from }).trails['t'];
  const until = (done: () => boolean) => poll(20_000, () => Promise.resolve(done() ? true : undefined));
  const attempts = () => (runs()?.runs ?? []).reduce((sum, { count }) => sum + count, 0);

  it('keeps like attempts as one run, in order and without a gap', async () => {
    await until(() => attempts() > 20);
    server.close();
    await until(() => runs()?.runs.at(-1)?.verdict === 'refused');
    const seen = runs()?.runs ?? [];
    expect(seen.length).to.be.lessThan(attempts());
    for (const [index, run] of seen.slice(1).entries()) {
      const before = seen[index];
      expect(run.from).to.equal((before?.from ?? 0) + (before?.count ?? 0));
    }
  });

  it('forgets what was read, and numbers what is left', async () => {
    await until(() => attempts() > 5);
    server.close();
    await until(() => runs()?.runs.at(-1)?.verdict === 'refused');
    const all = runs()?.runs.length ?? 0;
    const rest = runs(all - 1);
    expect(rest?.first).to.equal(all - 1);
    expect(rest?.runs[0]?.verdict).to.equal('refused');
    expect(runs(0)?.first).to.equal(all - 1);
  });

  it('is left out of a reading once its process, and with it the trail, is gone', () => {
    expect(trails.read({ t: 0, other: 0 }).trails).to.have.all.keys('t');
  });
});
