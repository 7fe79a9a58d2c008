import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * `agent.cjs ask [port] [host]`: sends the frame on stdin to the agent of this pod and prints its one-line answer. The way
 * in when a port-forward is refused.
 */
export async function ask(port: number, host: string): Promise<void> {
  const frame = await text(process.stdin);
  const socket = connect({ host, port });
  await once(socket, 'connect');
  socket.setEncoding('utf8');
  socket.write(`${frame.trim()}\n`);
  let reply = '';
  for await (const chunk of socket) {
    reply += String(chunk);
    if (reply.includes('\n')) break;
  }
  process.stdout.write(reply);
}
