import { z } from 'zod';
import { UpgradeReport } from '../../reports/upgrade/model.ts';
import { BudgetFile } from '../upgrade/budget.ts';

const schemas = { report: UpgradeReport, budget: BudgetFile } as const;
const wanted = process.argv[2] === 'budget' ? schemas.budget : schemas.report;
process.stdout.write(`${JSON.stringify(z.toJSONSchema(wanted, { io: 'input' }), undefined, 2)}\n`);
