import { assertNone } from './assertions.ts';

/** Where a node's rules choose a backend: all answers to that node on that Service address and port. */
interface Place {
  readonly backends: readonly string[];
  readonly answers: Map<string, number>;
}

/** A place is judged where a balancer that draws at random leaves one of its backends out with less than this. */
const mostByChance = 1e-6;

/**
 * Returns the probability, 0 to 1, that so many answers of a balancer that draws at random miss at least one of so many
 * backends: at most k (1 - 1/k)^n. One that takes turns, or hashes source ports, misses one more seldom.
 */
export function missedByChance(backends: number, answers: number): number {
  return Math.min(1, backends * (1 - 1 / backends) ** answers);
}

/** Who answered from where. Each answer counted must be one of a new connection, or of a datagram of a new socket. */
export class BackendPicks {
  private readonly places = new Map<string, Place>();

  /** `place`: the node that asked, and what it asked. `backends`: who may answer there, by name. */
  note(place: string, backends: readonly string[], responder: string): void {
    const known = this.places.get(place) ?? { backends, answers: new Map<string, number>() };
    known.answers.set(responder, (known.answers.get(responder) ?? 0) + 1);
    this.places.set(place, known);
  }

  /** Returns the backends that answered none at a place, where chance does not explain it; each with its place. */
  neverPicked(): { readonly backend: string; readonly line: string }[] {
    return this.judged().flatMap(([place, { backends, answers }]) => {
      const others = [...answers].map(([name, count]) => `${name} ${count}`).join(', ');
      const silent = backends.filter((name) => !answers.has(name));
      const total = sum(answers);
      return silent.map((backend) => ({
        backend,
        line: `${place}: backend ${backend} gave none of ${total} answers (${others})`,
      }));
    });
  }

  /** Returns how surely a backend that is never picked would be told from chance, in words for a report. */
  describePower(): string {
    const judged = this.judged();
    const chances = judged.map(([, { backends, answers }]) => missedByChance(backends.length, sum(answers)));
    const rule = 'each backend must answer each node; a right balancer leaves one out by chance with';
    const few = this.places.size - judged.length;
    const most = chances.length === 0 ? '' : `${rule} ${Math.max(...chances).toExponential(1)} at most`;
    return [most, few === 0 ? '' : `${few} of ${this.places.size} places had too few answers to tell`]
      .filter((part) => part !== '')
      .join('; ');
  }

  /** Returns, of each place that is judged, the smallest part of its answers that a backend gave. */
  smallestShares(): number[] {
    return this.judged().map(([, { backends, answers }]) => {
      const counts = backends.map((name) => answers.get(name) ?? 0);
      return Math.min(...counts) / sum(answers);
    });
  }

  private judged(): [string, Place][] {
    return [...this.places].filter(
      ([, { backends, answers }]) => missedByChance(backends.length, sum(answers)) <= mostByChance,
    );
  }
}

const sum = (answers: ReadonlyMap<string, number>) => [...answers.values()].reduce((total, count) => total + count, 0);

/** @throws AssertionError naming each backend that a node never picked: the node, the backend, and of how many answers. */
export function requireAllPicked(what: string, picks: BackendPicks): void {
  const lines = picks.neverPicked().map(({ line }) => line);
  assertNone(lines, `${what}, but not by every backend`);
}
