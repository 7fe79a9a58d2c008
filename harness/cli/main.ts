#!/usr/bin/env node
import { OrdealError } from '../base/errors.ts';
import { onUncaught } from '../base/interrupt.ts';
import { explainFailure } from './explain-failure.ts';
import { noteErrorsOutputError, noteOutputError } from './output.ts';

process.stdout.on('error', noteOutputError);
process.stderr.on('error', noteErrorsOutputError);
onUncaught((error) => {
  const defect = error instanceof OrdealError ? '' : '  Nobody caught this: it is a defect of Ordeal.\n';
  process.stderr.write(`${explainFailure(error)}\n${defect}`);
});

if (!('Iterator' in globalThis)) await import('./newer-javascript.ts');
// Imported once errors are looked after: a broken installation must not end like a network that does not conform.
const { runCommandLine } = await import('./program.ts');
await runCommandLine();
