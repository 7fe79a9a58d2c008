import { z } from 'zod';
import { Scenario } from '../chaos/scenario.ts';

process.stdout.write(`${JSON.stringify(z.toJSONSchema(Scenario, { io: 'input' }), undefined, 2)}\n`);
