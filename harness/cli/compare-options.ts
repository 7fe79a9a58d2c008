import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { comparisonFormats } from '../../reports/compare/formats.ts';

export const CompareOptions = z.strictObject({
  format: z.array(z.enum(comparisonFormats)).default([]),
  out: z.string().optional(),
  metric: z.array(z.string()).default([]),
  cni: z.string().optional(),
  mesh: z.string().optional(),
  cluster: z.array(z.string()).default([]),
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  agentImage: z.string().optional(),
  iperf3Image: z.string().optional(),
  rounds: z.coerce.number().int().min(1).max(100).optional(),
  profile: z.enum(['quick', 'full']).default('quick'),
  handicap: z.array(z.string()).default([]),
  curves: z.boolean().optional(),
  /** Half the width of an interval, as a share of its median, with which no further round is needed. */
  precision: z
    .string()
    .regex(/^\d+(\.\d+)?%$/, 'PERCENT%, such as 5%')
    .transform((text) => Number(text.slice(0, -1)) / 100)
    .optional(),
  workers: z.coerce.number().int().min(2).max(5).default(2),
  images: z.enum(['auto', 'registry', 'source']).default('auto'),
  registry: z.string().optional(),
  timeouts: z.string().optional(),
  fix: z.boolean().default(false),
  install: z.boolean().default(true),
  baseline: z.string().optional(),
  /** Share by which a metric may get worse. */
  failOn: z
    .string()
    .regex(/^worse:\d+(\.\d+)?%$/, 'worse:PERCENT%, such as worse:10%')
    .transform((text) => Number(text.slice('worse:'.length, -1)) / 100)
    .optional(),
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
    const said = parsed.error.issues.map(({ path, message }) => `--${kebab(String(path[0]))}: ${message}`).join('; ');
    throw new OrdealError('USAGE', `unusable flags: ${said}`, { remedy: '`ordeal compare --help` lists flags.' });
  }
  if (parsed.data.failOn !== undefined && parsed.data.baseline === undefined) {
    throw new OrdealError('USAGE', '--fail-on needs --baseline FILE: a comparison.json that was written before');
  }
  if (parsed.data.mesh !== undefined && parsed.data.cni === undefined) {
    throw new OrdealError('USAGE', '--mesh needs --cni NAMES: clusters that are there have the mesh that they have');
  }
  if (parsed.data.kubeconfig !== undefined && (parsed.data.cni !== undefined || parsed.data.cluster.length > 0)) {
    throw new OrdealError('USAGE', '--kubeconfig is measured alone: a cluster that cannot be paused disturbs others', {
      remedy: 'Measure each by itself with --out, then `ordeal compare RUN RUN`; it says what that is worth.',
    });
  }
  const files = parsed.data.format.filter((format) => format !== 'terminal');
  if (parsed.data.format.includes('allure') && parsed.data.out === undefined) {
    throw new OrdealError('USAGE', '--format allure needs --out FOLDER: it is a folder of files');
  }
  if (files.length > 1 && parsed.data.out === undefined) {
    throw new OrdealError('USAGE', `${files.join(', ')} need --out FOLDER: standard output takes one format`);
  }
  return parsed.data;
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
