import { z } from 'zod';

const at = z.iso.datetime().describe('wall clock, UTC');

/** Returns the schema of one kind of event: its type, the time the writer stamps, its own fields and no others. */
export const stamped = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at, ...shape });
