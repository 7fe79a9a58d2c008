import { z } from 'zod';
import { cniNames, defaultCni, meshNames } from '../../../clusters/index.ts';
import { noMesh } from '../../../clusters/names.ts';
import { OrdealError } from '../../base/errors.ts';

/** Flags of `npm run test:mutation`, as commander hands them over. */
export const MutationOptions = z.strictObject({
  cni: z.enum(cniNames).default(defaultCni),
  mesh: z.enum(meshNames).default(noMesh),
  cluster: z.string().optional(),
  include: z.array(z.string()).default([]),
  subset: z.enum(['ci']).optional(),
  verify: z.enum(['each', 'end']).default('each'),
  cleanRuns: z.coerce.number().int().min(0).max(100).default(0),
  out: z.string().default('ordeal-results/mutation'),
  keep: z.boolean().default(false),
  list: z.boolean().default(false),
});
export type MutationOptions = z.infer<typeof MutationOptions>;

/** Returns validated flags. @throws OrdealError USAGE naming the flag and what it accepts, before anything is made. */
export function parseMutationOptions(flags: unknown): MutationOptions {
  const parsed = MutationOptions.safeParse(flags);
  if (parsed.success) return parsed.data;
  throw new OrdealError('USAGE', `unusable flags: ${z.prettifyError(parsed.error)}`, {
    remedy: '`npm run test:mutation -- --help` lists flags and values.',
  });
}
