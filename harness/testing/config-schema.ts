import { configFileSchema } from '../cli/config-file.ts';

process.stdout.write(`${JSON.stringify(configFileSchema(), undefined, 2)}\n`);
