import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect } from 'chai';
import { connectedSocket } from './udp-socket.ts';

const here = '127.0.0.39';

async function ownPort(): Promise<number> {
  let socket: ReturnType<typeof connectedSocket> | undefined;
  await new Promise<void>((resolve, reject) => {
    socket = connectedSocket(here, 9, reject, resolve);
  });
  const port = socket?.address().port ?? 0;
  socket?.close();
  return port;
}

describe('a UDP probe socket', () => {
  it('comes from a new port each time, within the ephemeral range', async () => {
    const ports: number[] = [];
    for (let i = 0; i < 300; i++) ports.push(await ownPort());
    expect(new Set(ports).size).to.equal(300);
    expect(Math.min(...ports)).to.be.at.least(32_768);
    expect(Math.max(...ports)).to.be.below(61_000);
  });

  it('steps over ports somebody else holds', async () => {
    const port = await ownPort();
    const holders = [1, 2, 3].map((step) => createSocket('udp4').bind(32_768 + ((port - 32_768 + step) % 28_232)));
    await Promise.all(holders.map((holder) => once(holder, 'listening')));
    const taken = holders.map((holder) => holder.address().port);
    const got = await ownPort();
    holders.forEach((holder) => holder.close());
    expect(taken).not.to.include(got);
  });
});
