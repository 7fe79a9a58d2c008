import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { comparisonFormats } from '../../reports/compare/formats.ts';

export const CompareOptions = z.strictObject({
  format: z.array(z.enum(comparisonFormats)).default([]),
  out: z.string().optional(),
  metric: z.array(z.string()).default([]),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
});
export type CompareOptions = z.infer<typeof CompareOptions>;

/** Returns validated flags. @throws OrdealError USAGE naming the flag and the accepted values. */
export function parseCompareOptions(flags: unknown): CompareOptions {
  const parsed = CompareOptions.safeParse(flags);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`).join('; ');
    throw new OrdealError('USAGE', `unusable flags: ${said}`, { remedy: '`ordeal compare --help` lists flags.' });
  }
  const files = parsed.data.format.filter((format) => format !== 'terminal');
  if (files.length > 1 && parsed.data.out === undefined) {
    throw new OrdealError('USAGE', `${files.join(', ')} need --out FOLDER: standard output takes one format`);
  }
  return parsed.data;
}
