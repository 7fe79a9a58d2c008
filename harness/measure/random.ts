import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A source of chance that gives the same draws for the same seed on every machine. */
export interface Random {
  /** Returns a number in [0, 1). */
  unit(): number;
  /** Returns a whole number in [0, below). */
  below(below: number): number;
}

/** Returns the source of this seed (any whole number; 32 bits of it count). */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return { unit: () => uniformFloat64(generator), below: (below) => uniformInt(generator, 0, below - 1) };
}

/** Returns the items in an order drawn by chance (Fisher and Yates); the given list stays as it is. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = items.map((item) => ({ item, key: random.unit() }));
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
