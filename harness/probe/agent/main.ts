import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { hostname } from 'node:os';
import { ask } from './ask.ts';
import { serveControl } from './control.ts';
import { Schedule } from './sampler.ts';
import { AgentConfig } from './schema.ts';
import { serveAll } from './serve.ts';
import type { Service } from './services.ts';
import { StallWatch } from './stalls.ts';

function readConfig(): AgentConfig {
  const text = process.env['ORDEAL_AGENT'];
  if (text === undefined) throw new Error('environment variable ORDEAL_AGENT is not set');
  return AgentConfig.parse(JSON.parse(text));
}

async function serveReadiness(config: AgentConfig, answer: RequestListener): Promise<void> {
  const server = createServer(answer);
  server.listen({ port: config.readyPort, host: config.bind?.[0] });
  await once(server, 'listening');
}

function drainOnTerm(drainMs: number | undefined, services: readonly Service[]): void {
  process.on('SIGTERM', () => {
    if (drainMs === undefined) return;
    setTimeout(() => {
      services.forEach((service) => service.close());
      // Answers already under way leave before the process does.
      setTimeout(() => process.exit(0), drainMs === 0 ? 0 : 100);
    }, drainMs);
  });
}

async function serve(): Promise<void> {
  const config = readConfig();
  const boot = config.boot === undefined ? [] : [['boot', new Schedule(config.boot)] as const];
  const name = config.name ?? process.env['POD_NAME'] ?? hostname();
  let ready = config.ready;
  const watch = new StallWatch();
  const info = () => ({ name, pid: process.pid, node: process.version, upMs: process.uptime() * 1000, ready });
  const setReady = (value: boolean) => (ready = value);
  const [services] = await Promise.all([
    serveAll(config, name),
    serveControl(
      config.controlHost,
      config.controlPort,
      { info, setReady, stalls: () => watch.recent() },
      new Map(boot),
    ),
  ]);
  // Last: ready means that ports and control channel answer.
  await serveReadiness(config, (_, response) => response.writeHead(ready ? 200 : 503).end());
  drainOnTerm(config.drainMs, services);
  process.stdout.write(`agent ${name} serving after ${Math.round(process.uptime() * 1000)} ms\n`);
}

// A connection that is reset makes an error; hundreds a table, and nobody reads where in the agent they arose.
Error.stackTraceLimit = 0;

const [mode, port, host] = process.argv.slice(2);
const work = mode === 'ask' ? ask(Number(port ?? 9474), host ?? '127.0.0.1') : serve();
work.catch((error: unknown) => {
  // One line: Kubernetes copies the end of the log into the pod's status, where the harness reads it.
  process.stderr.write(`agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
  process.exit();
});
