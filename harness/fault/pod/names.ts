import { createHash } from 'node:crypto';

const hashOf = (faultId: string) => createHash('sha256').update(faultId).digest('hex');

/** Returns the handle of a fault's queueing discipline, by which it is found and deleted. */
export function qdiscHandle(faultId: string): string {
  return `${(0x1000 + (parseInt(hashOf(faultId).slice(0, 4), 16) % 0x7000)).toString(16)}:`;
}

/** Returns the name of the device that a fault makes in a pod's network namespace; Linux allows 15 characters. */
export function ownDevice(faultId: string): string {
  return `ordeal${hashOf(faultId).slice(0, 8)}`;
}
