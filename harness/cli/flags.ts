/** Commander's collector of a flag that may repeat; commas separate as well. */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, ...value.split(',').map((part) => part.trim())];
}
