/** Returns at most so many of a list, evenly apart. */
export function everyNth<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(all.length, most);
  return all.filter(
    (_, index) => Math.floor((index * count) / all.length) !== Math.floor(((index - 1) * count) / all.length),
  );
}
