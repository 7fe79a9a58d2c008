import { z } from 'zod';
import { RunEvent } from '../events/types.ts';

process.stdout.write(`${JSON.stringify(z.toJSONSchema(RunEvent), undefined, 2)}\n`);
