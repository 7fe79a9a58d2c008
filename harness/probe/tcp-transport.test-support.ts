import { once } from 'node:events';
import { connect } from 'node:net';
import type { AgentTransport } from './transport.ts';

/** Returns the transport to an agent whose control server this machine reaches directly. */
export function tcpTransport(host: string, port: number): AgentTransport {
  return {
    open: async () => {
      const socket = connect({ host, port, noDelay: true });
      await once(socket, 'connect');
      return socket;
    },
  };
}
