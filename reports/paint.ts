const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Puts a style around text, or not, where the reader is no terminal. */
export type Paint = (style: keyof typeof codes, text: string) => string;

export const plainPaint: Paint = (_, text) => text;
export const ansiPaint: Paint = (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m`;

/** Returns ANSI colours for a terminal, nothing for pipes and where https://no-color.org asks for none. */
export function paintFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return stream.isTTY === true && !refused ? ansiPaint : plainPaint;
}
