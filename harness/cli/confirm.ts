import { createInterface } from 'node:readline/promises';
import { OrdealError } from '../base/errors.ts';
import { toStderr } from './output.ts';

/** Who is asked. */
export interface Terminal {
  readonly tell: (text: string) => void;
  /** Undefined where nobody can be asked: standard input or error is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/**
 * Says what a command is about to do on a cluster that is somebody's, and returns once that is agreed to: by `--yes`, or
 * by whoever sits at the terminal. To be called before anything is created. @throws OrdealError USAGE where it needs `--yes`,
 * for want of a terminal; INTERRUPTED where the answer is no.
 */
export async function confirmPlan(
  plan: readonly string[],
  { yes }: { readonly yes: boolean },
  terminal: Terminal = ownTerminal(),
): Promise<void> {
  terminal.tell(plan.map((line) => `${line}\n`).join(''));
  if (yes) return;
  if (terminal.ask === undefined) {
    throw new OrdealError('USAGE', 'nothing was done: the plan above needs --yes, or a terminal to ask at', {
      remedy: 'Give --yes once the plan is what you want; --dry-run prints it alone.',
    });
  }
  const answer = await terminal.ask('go on? [y/N] ');
  if (/^\s*y(es)?\s*$/i.test(answer)) return;
  throw new OrdealError('INTERRUPTED', 'nothing was done: the answer was no');
}

function ownTerminal(): Terminal {
  const atTerminal = process.stdin.isTTY && process.stderr.isTTY;
  return { tell: toStderr, ask: atTerminal ? askPerson : undefined };
}

/** Ctrl-C, Ctrl-D and a terminal that goes away are a no. */
async function askPerson(question: string): Promise<string> {
  const left = new AbortController();
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on('SIGINT', () => left.abort()).on('close', () => left.abort());
  try {
    return await lines.question(question, { signal: left.signal });
  } catch {
    toStderr('\n');
    return 'no';
  } finally {
    lines.close();
  }
}
