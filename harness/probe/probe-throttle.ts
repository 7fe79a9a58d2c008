import { availableParallelism } from 'node:os';

/** Probes waiting for an answer at once, by cores that the agents share. */
const perCore = 200;
/** Fewer probes than this are no row: a few cells asked until they change. */
const fewestProbes = 16;

interface Waiter {
  readonly probes: number;
  readonly begin: () => void;
}

/**
 * Lets rows of tables begin a few at a time, each as soon as earlier ones have their answers. Agents that share a machine
 * slow each other down: asked all at once, answers come so late that probes are repeated, queues overflow, and a table
 * takes twice the time. Who waits for silence holds nobody up, and where answers come fast, so do the rows.
 */
export class ProbeThrottle {
  private readonly waiting: Waiter[] = [];
  private inside = 0;
  private readonly most: number;

  /** `most`: probes without answer at once; a row that is longer passes alone. */
  constructor(most: number) {
    this.most = most;
  }

  /** Returns one for agents on so many cores; those of this machine where nobody says (0). */
  static forCores(cores: number): ProbeThrottle {
    return new ProbeThrottle(Math.floor(Math.max(2, cores || availableParallelism()) * perCore));
  }

  /** Runs `ask` for a row of `probes` when it is its turn; it says when the answers are in. Rejects as it does. */
  async run<T>(probes: number, ask: (answersIn?: () => void) => Promise<T>): Promise<T> {
    if (probes < fewestProbes) return ask();
    await new Promise<void>((begin) => {
      this.waiting.push({ probes, begin });
      this.admit();
    });
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      this.inside -= probes;
      this.admit();
    };
    return ask(leave).finally(leave);
  }

  private admit(): void {
    for (let next = this.waiting[0]; next !== undefined && this.hasRoom(next); next = this.waiting[0]) {
      this.waiting.shift();
      this.inside += next.probes;
      next.begin();
    }
  }

  private hasRoom({ probes }: Waiter): boolean {
    return this.inside === 0 || this.inside + probes <= this.most;
  }
}
