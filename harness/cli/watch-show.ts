import { once } from 'node:events';
import { createServer } from 'node:http';
import { paintFor } from '../../reports/paint.ts';
import type { WatchState } from '../../reports/watch/model.ts';
import { watchOpenMetrics } from '../../reports/watch/open-metrics.ts';
import { watchLine, watchView } from '../../reports/watch/view.ts';
import { OrdealError } from '../base/errors.ts';

type Look = () => WatchState;

const redrawMs = 1_000;
const lineMs = 10_000;
const home = '\u001b[H';
const clearBelow = '\u001b[J';
const clearLine = '\u001b[K';

/** Shows a watch on a terminal, redrawn each second; elsewhere as a line now and then. Returns what ends it. */
export function showWatch(look: Look, stream: NodeJS.WriteStream): () => void {
  const paint = paintFor(stream);
  const draw = () => {
    const view = watchView(look(), { width: stream.columns, height: stream.rows - 1 }, paint);
    stream.write(`${home}${view.split('\n').join(`${clearLine}\n`)}${clearBelow}`);
  };
  if (stream.isTTY) stream.write('\u001b[2J');
  const timer = stream.isTTY
    ? setInterval(draw, redrawMs)
    : setInterval(() => stream.write(`${watchLine(look())}\n`), lineMs);
  return () => clearInterval(timer);
}

/**
 * Serves `/metrics` at ADDRESS:PORT until what it returns is called. @throws OrdealError USAGE where nothing can listen
 * there.
 */
export async function serveMetrics(look: Look, { host, port }: { host: string; port: number }): Promise<() => void> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end('the metrics are at /metrics\n');
    const type = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
    return response.writeHead(200, { 'content-type': type }).end(watchOpenMetrics(look()));
  });
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new OrdealError('USAGE', `--listen ${host}:${port}: nothing can listen there`, { cause });
  }
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
