import { timeoutsInForce } from '../base/timeouts.ts';
import { z } from 'zod';
import { KubeError } from './errors.ts';
import { canHalfClose, channel, type OpenSocket, type Socket } from './sockets.ts';
import type { ExecResult } from './types.ts';

export interface ExecTarget {
  readonly namespace: string;
  readonly name: string;
  readonly container?: string;
}

const ExecStatus = z.looseObject({
  status: z.string().optional(),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .looseObject({ causes: z.array(z.looseObject({ reason: z.string().optional(), message: z.string().optional() })) })
    .partial()
    .optional(),
});

/**
 * Runs a command in a pod; a non-zero exit is a result. The command itself is not killed when the time is up, since
 * Kubernetes has no way to; commands that may hang carry their own `timeout`.
 * @throws KubeError when the command could not be started, the connection broke before its exit, or time was up.
 */
export async function execInPod(
  open: OpenSocket,
  pod: ExecTarget,
  argv: readonly string[],
  options: { timeoutMs?: number; stdin?: string } = {},
): Promise<ExecResult> {
  const what = `\`${argv.join(' ').slice(0, 200)}\` in Pod ${pod.namespace}/${pod.name}`;
  const session = new ExecSession(what);
  const timeoutMs = options.timeoutMs ?? timeoutsInForce().apiRequestMs;
  const timer = setTimeout(() => session.fail(`did not end within ${timeoutMs} ms`), timeoutMs);
  const opening = open(execPath(pod, argv, options.stdin !== undefined), 'run', what, (number, data) =>
    session.receive(number, data),
  );
  opening.then(
    (socket) => session.attach(socket, options.stdin),
    (error: unknown) => session.reject(error),
  );
  try {
    return await session.result;
  } finally {
    clearTimeout(timer);
    session.end();
  }
}

class ExecSession {
  readonly result: Promise<ExecResult>;
  private readonly what: string;
  private readonly stdout: Buffer[] = [];
  private readonly stderr: Buffer[] = [];
  private socket: Socket | undefined;
  private over = false;
  private resolve: (result: ExecResult) => void = () => undefined;
  reject: (error: unknown) => void = () => undefined;

  constructor(what: string) {
    this.what = what;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  attach(socket: Socket, stdin: string | undefined): void {
    this.socket = socket;
    socket.on('close', () => this.fail('was cut off: the connection closed before its exit was known'));
    if (this.over) socket.terminate();
    else if (stdin !== undefined) this.feed(socket, stdin);
  }

  receive(number: number, data: Buffer): void {
    if (number === channel.stdout) this.stdout.push(data);
    if (number === channel.stderr) this.stderr.push(data);
    if (number === channel.status) this.finish(data.toString('utf8'));
  }

  fail(saying: string): void {
    const seen = text([...this.stdout, ...this.stderr])
      .trim()
      .slice(-200);
    this.reject(new KubeError(`${this.what} ${saying}${seen === '' ? '' : `; last output: ${seen}`}`));
  }

  end(): void {
    this.over = true;
    this.socket?.terminate();
  }

  private feed(socket: Socket, stdin: string): void {
    if (!canHalfClose(socket)) {
      this.fail('needs its standard input closed, which this API server cannot do (Kubernetes 1.30 can)');
      return;
    }
    const bytes = Buffer.from(stdin);
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      socket.send(Buffer.concat([Buffer.of(channel.stdin), bytes.subarray(at, at + chunkBytes)]));
    }
    socket.send(Buffer.of(channel.close, channel.stdin));
  }

  private finish(json: string): void {
    const code = exitCode(json);
    if (typeof code === 'string') this.fail(`could not run: ${code}`);
    else this.resolve({ code, stdout: text(this.stdout), stderr: text(this.stderr) });
  }
}

const chunkBytes = 32 * 1024;
const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');

/** Returns the exit code, or the server's words when there is none. */
function exitCode(json: string): number | string {
  const parsed = ExecStatus.safeParse(parseJson(json));
  if (!parsed.success) return json;
  const { status, message, details } = parsed.data;
  if (status === 'Success') return 0;
  const code = details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  return code === undefined ? (message ?? json) : Number(code);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function execPath(pod: ExecTarget, argv: readonly string[], stdin: boolean): string {
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true', stdin: String(stdin), tty: 'false' });
  if (pod.container !== undefined) query.set('container', pod.container);
  for (const word of argv) query.append('command', word);
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/exec`;
  return `${path}?${query.toString()}`;
}
