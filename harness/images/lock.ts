import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { OrdealError } from '../base/errors.ts';
import type { Store } from './store.ts';

/**
 * Runs `work` while holding the store's lock of that name; others wait, in this process and in any other. The lock is
 * an flock(2) held by a child that reads our pipe: when this process dies, however it dies, the kernel frees it, so no
 * stale lock can exist. @throws OrdealError ENVIRONMENT where util-linux's `flock` is missing.
 */
export async function withLock<T>(store: Store, name: string, work: () => Promise<T>): Promise<T> {
  const file = store.path('locks', `${name}.lock`);
  await mkdir(dirname(file), { recursive: true });
  const holder = execa('flock', ['--exclusive', file, 'sh', '-c', 'echo held; exec cat > /dev/null'], {
    stdin: 'pipe',
    reject: false,
    // A Ctrl-C of the terminal must not free the lock before our own clean-up is done.
    detached: true,
  });
  try {
    await held(holder.stdout, file, holder);
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}

async function held(output: NodeJS.ReadableStream, file: string, end: Promise<{ stderr?: string }>): Promise<void> {
  const said = new Promise<'held'>((resolve) => output.once('data', () => resolve('held')));
  const outcome = await Promise.race([said, end]);
  if (outcome === 'held') return;
  throw new OrdealError('ENVIRONMENT', `locking ${file} failed: ${outcome.stderr ?? 'flock ended'}`, {
    remedy: 'install util-linux (it provides flock)',
  });
}
