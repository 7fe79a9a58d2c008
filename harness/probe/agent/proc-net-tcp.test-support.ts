import { readFile } from 'node:fs/promises';

/** One end of a connection as the kernel shows it (proc_net_tcp): `01` established, `02` SYN sent, `03` SYN received. */
export interface KernelSocket {
  readonly own: string;
  readonly peer: string;
  readonly state: string;
}

/** Returns a port as the kernel shows it at the end of an address: `:1F90`. */
export const shownPort = (port = 0) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;

/** Returns all IPv4 TCP sockets of this machine. */
export async function kernelSockets(): Promise<KernelSocket[]> {
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
  return lines.map(([, own = '', peer = '', state = '']) => ({ own, peer, state }));
}
