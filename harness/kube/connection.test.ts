import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as dial } from 'node:net';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { WebSocketServer, type WebSocket } from 'ws';
import { enforceTimeouts, Timeouts } from '../base/timeouts.ts';
import { connect } from './connect.ts';
import { FakeServer } from './kubeconfig/fake-server.test-support.ts';
import { execOf, plugin, writeKubeconfig } from './kubeconfig/shapes.test-support.ts';
import type { Kube } from './types.ts';

const pod = { namespace: 'x', name: 'a' };

describe('a connection to an API server', () => {
  let server: FakeServer;
  let kube: Kube | undefined;
  beforeEach(async () => {
    server = await new FakeServer('https').start();
  });
  afterEach(async () => {
    await kube?.close();
    await server.stop();
    enforceTimeouts(Timeouts.parse({}));
  });
  const authorizations = () => server.asked.map(({ headers }) => headers.authorization);

  it('reads a token file again when its token is refused', async () => {
    const file = await writeKubeconfig(server.url, { user: { tokenFile: 't' }, files: { t: 'old' } });
    kube = await connect(file);
    server.refuse = ({ headers }) => headers.authorization !== 'Bearer new';
    await writeFile(join(dirname(file), 't'), 'new');
    await kube.raw('/version');
    expect(authorizations()).deep.equal(['Bearer old', 'Bearer new']);
  });

  it('says that a token is refused where there is no other, and asks no second time', async () => {
    kube = await connect(await writeKubeconfig(server.url, { user: { token: 't' } }));
    server.refuse = () => true;
    expect(await kube.raw('/version').catch(String)).include('401 Unauthorized');
    expect(server.asked).length(1);
  });

  it('tells why a plugin that once gave a token gives none any more', async () => {
    const once = plugin({ token: 'p' }, 'test -e "$0.ran" && { echo sign in >&2; exit 1; }; touch "$0.ran"');
    kube = await connect(await writeKubeconfig(server.url, { user: execOf('./p'), files: { p: once } }));
    server.refuse = () => true;
    const error: unknown = await kube.raw('/version').catch((caught: unknown) => caught);
    expect(error).include({ code: 'KUBE_API' }).property('message').include('it said: sign in');
  });

  describe('for sockets', () => {
    let sockets: WebSocketServer;
    let opened: WebSocket[];
    beforeEach(() => {
      opened = [];
      sockets = new WebSocketServer({ noServer: true });
      server.server.on('upgrade', (request, socket, head) => {
        if (request.headers.authorization === 'Bearer old') {
          socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n{"message":"too old"}');
          return;
        }
        sockets.handleUpgrade(request, socket, head, (one) => {
          opened.push(one);
          one.on('message', (data) => one.send(data));
        });
      });
    });
    afterEach(() => opened.forEach((one) => one.terminate()));

    /** Sends a word through a port of a pod, whose end is this fake, and returns what comes back. */
    async function echoed(by: Kube): Promise<string> {
      const tunnel = await by.portForward(pod, 80);
      // The port's number comes first on every channel.
      opened.at(-1)?.send(Buffer.from([0, 80, 0]));
      tunnel.write('hello');
      const [data] = (await once(tunnel, 'data')) as [Buffer];
      tunnel.destroy();
      return data.toString();
    }

    it('carries bytes both ways', async () => {
      kube = await connect(await writeKubeconfig(server.url, { user: { token: 't' } }));
      expect(await echoed(kube)).equal('hello');
    });

    it('renews a refused token, and tells the answer where there is no other', async () => {
      const file = await writeKubeconfig(server.url, { user: { tokenFile: 't' }, files: { t: 'old' } });
      kube = await connect(file);
      expect(await kube.portForward(pod, 80).catch(String)).include('401: too old');
      await writeFile(join(dirname(file), 't'), 'new');
      expect(await echoed(kube)).equal('hello');
    });

    it('pings, and ends one whose other end stops answering', async () => {
      enforceTimeouts(Timeouts.parse({ apiPingMs: 20 }));
      kube = await connect(await writeKubeconfig(server.url, { user: { token: 't' } }));
      const tunnel = await kube.portForward(pod, 80);
      const [other] = opened;
      if (other === undefined) throw new Error('nothing was opened');
      await once(other, 'ping');
      other.pause();
      tunnel.resume();
      await once(tunnel, 'close');
    });

    describe('through a proxy', () => {
      let proxy: Server;
      let through: string[];
      beforeEach(async () => {
        through = [];
        proxy = createServer();
        proxy.on('connect', (request, socket) => {
          through.push(request.url ?? '');
          const [host, port] = server.address.split(':');
          const there = dial(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
          there.on('error', () => socket.destroy());
          socket.on('error', () => there.destroy());
          there.pipe(socket).pipe(there);
        });
        await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
      });
      afterEach(() => {
        proxy.close();
        proxy.closeAllConnections();
        for (const name of ['HTTPS_PROXY', 'NO_PROXY']) Reflect.deleteProperty(process.env, name);
      });
      const proxyUrl = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

      it('of the kubeconfig', async () => {
        const cluster = { server: 'https://api.test:6443', 'proxy-url': proxyUrl() };
        kube = await connect(await writeKubeconfig('', { cluster, user: { token: 't' } }));
        await kube.raw('/version');
        expect(await echoed(kube)).equal('hello');
        expect(through).deep.equal(['api.test:6443', 'api.test:6443']);
      });

      it('of the environment, but not to this machine', async () => {
        process.env['HTTPS_PROXY'] = proxyUrl();
        kube = await connect(await writeKubeconfig('https://api.test:6443', { user: { token: 't' } }));
        await kube.raw('/version');
        expect(await echoed(kube)).equal('hello');
        expect(through).deep.equal(['api.test:6443', 'api.test:6443']);
        await kube.close();
        kube = await connect(await writeKubeconfig(server.url, { user: { token: 't' } }));
        await kube.raw('/version');
        expect(await echoed(kube)).equal('hello');
        expect(through).length(2);
      });
    });
  });
});
