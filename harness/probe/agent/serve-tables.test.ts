import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { freePort, startLocalAgent } from '../local-agent.test-support.ts';
import type { Probe } from '../types.ts';
import { kernelSockets, shownPort } from './proc-net-tcp.test-support.ts';
import type { Service } from './services.ts';
import { serveTables } from './serve-tables.ts';

const here = '127.0.0.38';

const tcp = (ports: readonly number[]) => ports.map((port) => ({ port, protocol: 'TCP' as const }));
const tablePorts = (port: number) => (['TCP', 'UDP'] as const).map((protocol) => ({ port, protocol, forTables: true }));

function probesOf(port: number): Probe[] {
  const reach = { host: here, port, timeoutMs: 2_000 };
  return [
    { kind: 'tcp', connectOnly: true, ...reach },
    { kind: 'udp', ...reach },
    { kind: 'udp', payloadBytes: 8_000, ...reach },
  ];
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, here);
  await once(socket, 'connect');
  return socket;
}

/** What the kernel shows of the server's side of a connection. */
async function serverState({ localPort }: Socket, port: number): Promise<string | undefined> {
  const sockets = await kernelSockets();
  return sockets.find(({ own, peer }) => own.endsWith(shownPort(port)) && peer.endsWith(shownPort(localPort)))?.state;
}

/** With an end or a reset: what was said is not read. */
function hangsUp(socket: Socket): Promise<boolean> {
  socket.on('error', () => undefined);
  socket.resume().write('hello\n');
  return new Promise((resolve) => socket.once('close', () => resolve(true)));
}

describe('ports for tables over real sockets', () => {
  let service: Service | undefined;
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
    service?.close();
    service = undefined;
  });

  it('leave a handshake to the kernel and hang up on who speaks', async () => {
    const ports = [await freePort(here), await freePort(here)];
    service = await serveTables('s', [here], tcp(ports));
    for (const port of ports) {
      const socket = await connected(port);
      expect(await serverState(socket, port), 'nobody was woken').to.equal('03');
      expect(await hangsUp(socket)).to.equal(true);
    }
  });

  it('are served by the agent itself where the image has no Perl', async () => {
    const port = await freePort(here);
    process.env['PATH'] = '/nowhere';
    expect(await serveTables('s', [here], tcp([port]))).to.equal(undefined);
    const local = await startLocalAgent({ name: 'alone', address: here, ports: tablePorts(port) });
    try {
      expect(await hangsUp(await connected(port))).to.equal(true);
      expect(await local.agent.probe(probesOf(port))).to.have.nested.property('[1].responder', 'alone');
    } finally {
      await local.stop();
    }
  });

  it('answer datagrams as the agent does', async () => {
    const port = await freePort(here);
    const local = await startLocalAgent({ name: 'helped', address: here, ports: tablePorts(port) });
    try {
      const [shaken, small, large] = await local.agent.probe(probesOf(port));
      expect(shaken).to.include({ verdict: 'open' });
      for (const answer of [small, large]) {
        expect(answer).to.include({ verdict: 'open', responder: 'helped', peerSeen: '127.0.0.1' });
      }
    } finally {
      await local.stop();
    }
  });

  it('reject with the code of the system for a port that is taken', async () => {
    const port = await freePort(here);
    service = await serveTables('s', [here], tcp([port]));
    const again = await serveTables('s', [here], tcp([port])).catch((error: unknown) => error);
    expect(again).to.include({ code: 'EADDRINUSE' });
  });

  it('end the agent when the helper that serves them ends, so that the pod is seen to break', async () => {
    const ports = [{ port: await freePort(here), protocol: 'TCP', forTables: true } as const];
    const local = await startLocalAgent({ name: 'broken', address: here, ports });
    const { pid } = local.process;
    const exited = once(local.process, 'exit');
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    process.kill(Number(children.trim()), 'SIGKILL');
    expect(await exited).to.deep.equal([1, null]);
    await local.stop();
  });
});
