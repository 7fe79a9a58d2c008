import { once } from 'node:events';

/** Takes text for the person or program that asked; a promise holds the writer until there is room. */
export type Write = (text: string) => void | Promise<void>;

/** Writes to standard output, no faster than it is read. */
export async function toStdout(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes to standard error. */
export function toStderr(text: string): void {
  process.stderr.write(text);
}
