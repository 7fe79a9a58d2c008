import { Duplex } from 'node:stream';
import { KubeError } from './errors.ts';
import type { OpenSocket, Socket } from './sockets.ts';

const dataChannel = 0;
const errorChannel = 1;
/** Every channel starts with the port number, two bytes, before the first payload byte. */
const portBytes = 2;

/**
 * Returns a byte stream to a port on the pod's loopback. A port nobody listens on shows as an `error` of the stream,
 * after opening. Ending the writing side closes the stream: the protocol has no half-close. @throws KubeError
 */
export async function forwardPort(
  open: OpenSocket,
  pod: { namespace: string; name: string },
  port: number,
): Promise<Duplex> {
  const what = `port ${port} of Pod ${pod.namespace}/${pod.name}`;
  const tunnel = new Tunnel(what);
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/portforward`;
  const socket = await open(`${path}?ports=${port}`, 'forward', what, (number, data) => tunnel.receive(number, data));
  tunnel.attach(socket);
  return tunnel;
}

class Tunnel extends Duplex {
  private readonly what: string;
  private readonly headerLeft = new Map([
    [dataChannel, portBytes],
    [errorChannel, portBytes],
  ]);
  private socket: Socket | undefined;

  constructor(what: string) {
    super({ allowHalfOpen: false });
    this.what = what;
  }

  attach(socket: Socket): void {
    this.socket = socket;
    socket.on('close', () => this.push(null));
    if (this.destroyed) socket.terminate();
  }

  receive(number: number, message: Buffer): void {
    const payload = this.withoutHeader(number, message);
    if (payload.length === 0 || this.destroyed) return;
    if (number === dataChannel) this.push(payload);
    else this.destroy(new KubeError(`${this.what}: ${payload.toString('utf8').trim()}`));
  }

  override _read(): void {
    // Data is pushed as it comes: a WebSocket cannot be asked to wait.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.socket === undefined) done(new KubeError(`${this.what}: not open yet`));
    else this.socket.send(Buffer.concat([Buffer.of(dataChannel), chunk]), (error) => done(error));
  }

  override _final(done: () => void): void {
    this.socket?.close();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket?.terminate();
    done(error);
  }

  private withoutHeader(number: number, message: Buffer): Buffer {
    const left = this.headerLeft.get(number) ?? 0;
    this.headerLeft.set(number, Math.max(0, left - message.length));
    return message.subarray(left);
  }
}
