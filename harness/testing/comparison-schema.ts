import { z } from 'zod';
import { Comparison } from '../../reports/compare/model.ts';

process.stdout.write(`${JSON.stringify(z.toJSONSchema(Comparison), undefined, 2)}\n`);
