import { availableParallelism } from 'node:os';

/** Rows asked for at once by cores of this machine, on which a local cluster's agents share them. */
const perCore = 2;
/** Fewer probes than this are no row: a few cells asked until they change. */
const fewestProbes = 16;

/**
 * Lets rows of tables begin a few at a time, each as soon as an earlier one has its answers. Agents that share a machine
 * slow each other down: asked all at once, answers come so late that probes are repeated, queues overflow, and a table
 * takes twice the time. Who waits for silence holds nobody up, and where answers come fast, so do the rows.
 */
export class RowGate {
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private readonly most: number;

  constructor(most = Math.max(2, availableParallelism()) * perCore) {
    this.most = most;
  }

  /** Runs `ask` for a row of `probes` when it is its turn; it says when the answers are in. Rejects as it does. */
  async pass<T>(probes: number, ask: (answersIn?: () => void) => Promise<T>): Promise<T> {
    if (probes < fewestProbes) return ask();
    const leave = await this.enter();
    return ask(leave).finally(leave);
  }

  private async enter(): Promise<() => void> {
    if (this.busy < this.most) this.busy += 1;
    else await new Promise<void>((begin) => this.waiting.push(begin));
    let inside = true;
    return () => {
      if (inside) this.next();
      inside = false;
    };
  }

  private next(): void {
    const begin = this.waiting.shift();
    if (begin === undefined) this.busy -= 1;
    else begin();
  }
}
