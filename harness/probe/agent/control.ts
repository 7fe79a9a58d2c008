import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import * as z from 'zod/mini';
import { runLoad } from './load.ts';
import { runProbes } from './run-probes.ts';
import { Schedule } from './sampler.ts';
import { Request } from './schema.ts';
import type { AgentStall } from './stalls.ts';
import { Trails } from './trail.ts';

/** What the agent tells about itself. */
export interface AgentInfo {
  readonly name: string;
  readonly pid: number;
  readonly node: string;
  readonly upMs: number;
  readonly ready: boolean;
}

/** The part of the agent its control channel may see and change. */
export interface Controlled {
  info(): AgentInfo;
  setReady(ready: boolean): void;
  stalls(): readonly AgentStall[];
}

const longestFrame = 16 * 1024 * 1024;
const Numbered = z.object({ id: z.int() });

/** Calls `onLine` for every complete line of the stream; drops a peer that sends an endless one. */
function onLines(socket: Socket, onLine: (line: string) => void): void {
  let parts: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const [first = '', ...rest] = chunk.split('\n');
    parts.push(first);
    length += first.length;
    for (const next of rest) {
      onLine(parts.join(''));
      parts = [next];
      length = next.length;
    }
    if (length > longestFrame) socket.destroy();
  });
}

type Tell = (frame: object) => void;

class Control {
  private readonly agent: Controlled;
  private readonly schedules: Map<string, Schedule>;
  private readonly trails = new Trails();

  constructor(agent: Controlled, schedules: ReadonlyMap<string, Schedule>) {
    this.agent = agent;
    this.schedules = new Map(schedules);
  }

  serve(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    onLines(socket, (line) => {
      const tell = (reply: object) => socket.writable && socket.write(`${JSON.stringify(reply)}\n`);
      void this.answer(line, tell).then(tell);
    });
  }

  private async answer(line: string, tell: Tell): Promise<object> {
    let id = -1;
    try {
      const frame: unknown = JSON.parse(line);
      id = Numbered.parse(frame).id;
      return { id, ok: true, result: await this.run(Request.parse(frame), tell) };
    } catch (error) {
      return { id, ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  }

  private async run(request: Request, tell: Tell): Promise<unknown> {
    switch (request.op) {
      case 'probe':
        return runProbes(request.probes, () => request.tellQuiet && tell({ id: request.id, quiet: true }));
      case 'sample':
        // Naming it twice is a repeated frame after a broken connection, not a second sampler.
        if (!this.schedules.has(request.sampler)) this.schedules.set(request.sampler, new Schedule(request.spec));
        return null;
      case 'peek':
        return this.schedule(request.sampler).peek(request.from);
      case 'stop':
        return this.schedule(request.sampler).stop(request.from);
      case 'trail':
        this.trails.start(request.trail, request.spec);
        return null;
      case 'trails':
        return { ...this.trails.read(request.from), stalls: this.agent.stalls() };
      case 'endTrail':
        await this.trails.stop(request.trail);
        return null;
      case 'load':
        return runLoad(request.spec);
      case 'ready':
        this.agent.setReady(request.ready);
        return null;
      case 'info':
        return this.agent.info();
      case 'stalls':
        return this.agent.stalls();
    }
  }

  private schedule(name: string): Schedule {
    const schedule = this.schedules.get(name);
    if (schedule === undefined) throw new Error(`no sampler ${name} here: the agent restarted since it was started`);
    return schedule;
  }
}

/**
 * Listens for newline-delimited JSON frames `{id, op, ...}` and answers each `{id, ok, result | error}` as soon as it
 * is done, in any order, a row of probes with `{id, quiet}` before that if asked to tell when answers cease; `schedules`
 * are samplers that run already. Resolves once listening.
 */
export async function serveControl(
  host: string,
  port: number,
  agent: Controlled,
  schedules: ReadonlyMap<string, Schedule> = new Map(),
): Promise<Server> {
  const control = new Control(agent, schedules);
  const server = createServer((socket) => control.serve(socket));
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
