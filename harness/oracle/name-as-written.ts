import { z } from 'zod';
import type { LocatedObject } from './manifest-documents.ts';

const Identified = z.looseObject({ metadata: z.looseObject({}) });
const fields = ['name', 'namespace'] as const;

/**
 * Returns the object with a name or namespace that YAML 1.1 takes for a boolean (`n`, `y`, `on`, `no`) as it was written,
 * and a note: kubectl refuses it until it is quoted, but what it means to the network is plain.
 */
export function nameAsWritten(located: LocatedObject, value: unknown): { value: unknown; note: string | undefined } {
  const parsed = Identified.safeParse(value);
  if (!parsed.success) return { value, note: undefined };
  const { metadata } = parsed.data;
  const words = fields.flatMap((field) => {
    const word = typeof metadata[field] === 'boolean' ? located.written?.(['metadata', field]) : undefined;
    return word === undefined ? [] : [[field, word] as const];
  });
  if (words.length === 0) return { value, note: undefined };
  const place = located.locate(['metadata', ...(words[0] ?? []).slice(0, 1)]);
  const told = words.map(([field, word]) => `metadata.${field}: ${word}`).join(' and ');
  const note = `${place}: kubectl reads ${told} as a boolean and refuses it, quote it; judged by the name as written`;
  return { value: { ...parsed.data, metadata: { ...metadata, ...Object.fromEntries(words) } }, note };
}
