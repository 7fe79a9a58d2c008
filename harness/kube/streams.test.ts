import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { execInPod } from './exec.ts';
import { forwardPort } from './port-forward.ts';
import type { OnMessage, OpenSocket, Socket } from './sockets.ts';

class FakeSocket extends EventEmitter implements Socket {
  readonly protocol: string = 'v5.channel.k8s.io';
  readonly bufferedAmount = 0;
  readonly sent: Buffer[] = [];
  path = '';
  terminated = false;
  message: OnMessage = () => undefined;

  readonly open: OpenSocket = (path, _verb, _what, onMessage) => {
    this.path = path;
    this.message = onMessage;
    queueMicrotask(() => this.emit('opened'));
    return Promise.resolve(this);
  };

  send(data: Uint8Array, sent?: (error?: Error) => void): void {
    this.sent.push(Buffer.from(data));
    this.emit('sent');
    sent?.();
  }

  close(): void {
    this.emit('close');
  }

  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
}

const pod = { namespace: 'x', name: 'a' };
const status = (body: object) => Buffer.from(JSON.stringify(body));
const exited = (code: number) =>
  status({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  });

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );
}

describe('execInPod', () => {
  it('returns output and a non-zero exit as a result', async () => {
    const socket = new FakeSocket();
    const euro = Buffer.from('€');
    socket.once('opened', () => {
      socket.message(1, euro.subarray(0, 1));
      socket.message(1, euro.subarray(1));
      socket.message(2, Buffer.from('oh'));
      socket.message(3, exited(3));
    });
    const result = await execInPod(socket.open, pod, ['sh', '-c', 'exit 3']);
    expect(result).deep.equal({ code: 3, stdout: '€', stderr: 'oh' });
    expect(socket.path).include('/pods/a/exec?').and.include('command=sh&command=-c&command=exit+3');
    expect(socket.terminated).equal(true);
  });

  it('feeds standard input and closes it', async () => {
    const socket = new FakeSocket();
    socket.on('sent', () => {
      if (socket.sent.length === 2) socket.message(3, status({ status: 'Success' }));
    });
    await execInPod(socket.open, pod, ['cat'], { stdin: 'hi' });
    expect(socket.sent.map((data) => [...data])).deep.equal([
      [0, 104, 105],
      [255, 0],
    ]);
  });

  it('fails when the connection closes before the exit is known', async () => {
    const socket = new FakeSocket();
    socket.once('opened', () => {
      socket.message(1, Buffer.from('half'));
      setImmediate(() => socket.close());
    });
    const message = await messageOf(execInPod(socket.open, pod, ['x']));
    expect(message).include('cut off').and.include('last output: half');
  });

  it('fails when time is up, naming the command', async () => {
    const socket = new FakeSocket();
    const message = await messageOf(execInPod(socket.open, pod, ['sleep', '9'], { timeoutMs: 10 }));
    expect(message).equal('`sleep 9` in Pod x/a did not end within 10 ms');
  });

  it('fails with the server’s words when the command could not start', async () => {
    const socket = new FakeSocket();
    socket.once('opened', () => socket.message(3, status({ status: 'Failure', message: 'no such executable' })));
    expect(await messageOf(execInPod(socket.open, pod, ['x']))).include('could not run: no such executable');
  });
});

describe('forwardPort', () => {
  it('strips the port header, however it is cut, and passes bytes both ways', async () => {
    const socket = new FakeSocket();
    const stream = await forwardPort(socket.open, pod, 80);
    socket.message(0, Buffer.from([80]));
    socket.message(0, Buffer.from([0, 104]));
    socket.message(0, Buffer.from([105]));
    stream.write('yo');
    socket.close();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).equal('hi');
    expect(socket.sent.map(String)).deep.equal(['\0yo']);
  });

  it('breaks with the reason when nobody listens on the port', async () => {
    const socket = new FakeSocket();
    const stream = await forwardPort(socket.open, pod, 81);
    const broken = new Promise<Error>((resolve) => stream.once('error', resolve));
    socket.message(1, Buffer.from([81, 0]));
    socket.message(1, Buffer.from('connection refused\n'));
    expect((await broken).message).equal('port 81 of Pod x/a: connection refused');
    expect(socket.terminated).equal(true);
  });

  it('closes the socket when the stream is destroyed', async () => {
    const socket = new FakeSocket();
    (await forwardPort(socket.open, pod, 80)).destroy();
    await new Promise((later) => setImmediate(later));
    expect(socket.terminated).equal(true);
  });
});
