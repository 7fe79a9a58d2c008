import { expect } from 'chai';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { withStubDomain } from './corefile.ts';
import { dnsServerScript } from './server-script.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('the name server of the DNS cases', () => {
  let server: Worker;
  let resolver: Resolver;

  before(async () => {
    const port = await freePort();
    const argv = [String(port), 'udp4', JSON.stringify({ 'www.ordeal.test': '192.0.2.80' })];
    const source = new URL(`data:text/javascript,${encodeURIComponent(dnsServerScript)}`);
    server = new Worker(source, { argv, stdout: true });
    await once(server.stdout, 'data');
    resolver = new Resolver({ timeout: 1_000 });
    resolver.setServers([`127.0.0.1:${port}`]);
  });

  after(() => server.terminate());

  it('answers what it knows, in any letter case', async () => {
    expect(await resolver.resolve4('WWW.ordeal.test')).to.deep.equal(['192.0.2.80']);
  });
  it('says NXDOMAIN and NODATA apart', async () => {
    const failure = (asked: Promise<unknown>) => asked.then(String, (error: unknown) => error);
    expect(await failure(resolver.resolve4('nobody.ordeal.test'))).to.have.property('code', 'ENOTFOUND');
    expect(await failure(resolver.resolve6('www.ordeal.test'))).to.have.property('code', 'ENODATA');
  });
});

describe('a Corefile', () => {
  it('gains one server block for the stub domain and keeps the rest', () => {
    const before = '.:53 {\n    errors\n}\n';
    const after = withStubDomain(before, 'ordeal.test', '10.0.0.9:53');
    expect(after.startsWith(before)).to.equal(true);
    expect(after.slice(before.length)).to.match(
      /^ordeal\.test:53 \{\n {4}errors\n {4}forward \. 10\.0\.0\.9:53\n\}\n$/,
    );
  });
});
