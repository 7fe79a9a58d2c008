import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { freePort } from '../local-agent.test-support.ts';
import { tcpHandshake, tcpWrap } from './tcp-handshake.ts';
import type { ProbeOutcome } from './verdict.ts';

const here = '127.0.0.39';

/** What a handshake found before it was hung up, with a reset or without. */
async function found(port: number, wrap: ReturnType<typeof tcpWrap>, reset: boolean): Promise<ProbeOutcome> {
  const { promise, resolve } = Promise.withResolvers<ProbeOutcome>();
  const hangUp = tcpHandshake(here, port, resolve, wrap);
  const outcome = await promise;
  hangUp(reset);
  return outcome;
}

/** How the server's side of the next connection ends: `ECONNRESET`, or `end`. */
async function nextEnd(server: ReturnType<typeof createServer>): Promise<string> {
  const [socket] = (await once(server, 'connection')) as [Socket];
  return new Promise((resolve) => {
    socket.on('error', ({ message }) => resolve(message.includes('ECONNRESET') ? 'ECONNRESET' : message));
    socket.resume().on('end', () => resolve('end'));
  });
}

describe('a handshake', () => {
  for (const [how, wrap] of [['of a bare handle', tcpWrap()] as const, ['of a socket', 'none'] as const]) {
    it(`${how} is open where somebody listens, and ends with a reset or as connections do`, async () => {
      const server = createServer().listen(0, here);
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      for (const reset of [true, false]) {
        const ended = nextEnd(server);
        expect(await found(port, wrap, reset)).to.deep.equal({ verdict: 'open' });
        expect(await ended).to.equal(reset ? 'ECONNRESET' : 'end');
      }
      server.close();
    });

    it(`${how} is refused where nobody listens`, async () => {
      const refused = { verdict: 'refused', error: 'ECONNREFUSED' };
      expect(await found(await freePort(here), wrap, true)).to.deep.equal(refused);
    });
  }

  it('has bare handles in the Node.js this runs on, or costs twice', () => {
    expect(tcpWrap()).not.to.equal('none');
  });
});
