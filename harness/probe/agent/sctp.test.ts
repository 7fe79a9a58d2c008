import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { freePort } from '../local-agent.test-support.ts';
import { probeSctp, serveSctp } from './sctp.ts';

const here = '127.0.0.37';
/** The helper's path through the kernel is the same with TCP's number, which every kernel has. */
const tcp = 6;
const timeoutMs = 5_000;

describe('the SCTP helper over real sockets', () => {
  it('greets, refuses, and waits in silence as the agent does over TCP', async () => {
    const port = await freePort(here);
    const probe = { kind: 'sctp', host: here, port, timeoutMs } as const;
    expect(await probeSctp(probe, tcp)).to.include({ verdict: 'refused', error: 'ECONNREFUSED' });
    const server = await serveSctp('server', here, port, tcp);
    expect(await probeSctp(probe, tcp)).to.include({ verdict: 'open', responder: 'server', peerSeen: '127.0.0.1' });
    server.close();
    const silent = await probeSctp({ ...probe, host: '192.0.2.1', timeoutMs: 200 }, 253);
    expect(silent.verdict, 'a protocol no kernel has').to.equal('inconclusive');
  });

  it('names the port that is taken', async () => {
    const port = await freePort(here);
    const server = await serveSctp('server', here, port, tcp);
    const taken = await serveSctp('again', here, port, tcp).catch((error: unknown) => error);
    expect(taken).to.include({ code: 'EADDRINUSE' });
    server.close();
  });

  it('speaks SCTP, or says that this kernel does not', async () => {
    const kernel = await readFile('/proc/net/protocols', 'utf8');
    const port = await freePort(here);
    const served = await serveSctp('server', here, port).catch((error: unknown) => error);
    const result = await probeSctp({ kind: 'sctp', host: here, port, timeoutMs });
    if (/^SCTP /m.test(kernel)) expect(result).to.include({ verdict: 'open', responder: 'server' });
    else expect(result).to.include({ verdict: 'inconclusive', error: 'EPROTONOSUPPORT' });
    if (served !== null && typeof served === 'object' && 'close' in served) (served as { close(): void }).close();
  });
});
