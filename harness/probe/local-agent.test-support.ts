import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { OrdealError } from '../base/errors.ts';
import { bundleAgent } from './bundle.ts';
import { connectAgent, type FleetAgent } from './client.ts';
import { tcpTransport } from './tcp-transport.test-support.ts';
import type { AgentTransport } from './transport.ts';
import type { AgentPort } from './types.ts';

/** An agent as a child process on a loopback address: the same bundle as in a pod, without a cluster. */
export interface LocalAgent {
  readonly agent: FleetAgent;
  readonly process: ChildProcess;
  readonly transport: Required<AgentTransport>;
  readonly readyUrl: string;
  /** Kills the process and resolves when it is gone. */
  stop(): Promise<void>;
}

export interface LocalAgentSpec {
  readonly name: string;
  /** 127.0.0.0/8 or ::1. */
  readonly address: string;
  readonly ports: readonly AgentPort[];
  readonly drainMs?: number;
  readonly controlMs?: number;
}

const given = new Set<number>();

/** Returns a TCP port nobody listens on at `address` right now; never the same twice, for its taker may not yet listen. */
export async function freePort(address: string): Promise<number> {
  for (;;) {
    const port = await ephemeralPort(address);
    if (given.has(port)) continue;
    given.add(port);
    return port;
  }
}

async function ephemeralPort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error(`no port at ${address}`);
  return bound.port;
}

async function writeAgent(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-agent-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'agent.cjs');
  await writeFile(file, (await bundleAgent()).code);
  return file;
}

let file: Promise<string> | undefined;

function agentFile(): Promise<string> {
  file ??= writeAgent();
  return file;
}

async function untilServing(child: ChildProcess, name: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const gone = once(child, 'exit').then(() => {
    throw new OrdealError('AGENT', `local agent ${name} ended before serving: ${said.trim()}`);
  });
  if (child.stdout !== null) await Promise.race([once(child.stdout, 'data'), gone]);
  gone.catch(() => undefined);
}

/**
 * Starts an agent process serving `ports` at `address` and resolves once it serves. @throws OrdealError AGENT with
 * what it said when it cannot.
 */
export async function startLocalAgent(spec: LocalAgentSpec): Promise<LocalAgent> {
  const { name, address, ports, drainMs } = spec;
  const [controlPort, readyPort] = [await freePort(address), await freePort(address)];
  const config = { name, ports, bind: [address], controlHost: address, controlPort, readyPort, drainMs };
  const env = { ...process.env, ORDEAL_AGENT: JSON.stringify(config) };
  const child = spawn(process.execPath, [await agentFile()], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  await untilServing(child, name);
  const identity = { name, namespace: 'local', node: 'localhost', ip: address, ips: [address] };
  const ask = async (frame: string, timeout: number) => {
    const argv = [await agentFile(), 'ask', String(controlPort), address];
    return (await execa(process.execPath, argv, { input: frame, timeout })).stdout;
  };
  const transport = { ...tcpTransport(address, controlPort), ask };
  const agent = connectAgent(identity, transport, spec.controlMs ?? 5_000);
  const stop = async () => {
    agent.close();
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { agent, process: child, transport, readyUrl: `http://${address}:${readyPort}/`, stop };
}
