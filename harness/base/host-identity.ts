import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A machine, and its run since it was last switched on. */
export interface HostIdentity {
  /** Tells machines apart without saying which one it is: 12 hex digits. */
  readonly host: string;
  readonly boot: string;
}

/** Returns which machine this is. Containers of one machine and boot share its boot id. */
export function hostIdentity(): HostIdentity {
  const name = readIfThere('/etc/machine-id') ?? hostname();
  const host = createHash('sha256').update(`ordeal ${name}`).digest('hex').slice(0, 12);
  return { host, boot: readIfThere('/proc/sys/kernel/random/boot_id') ?? 'unknown' };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
