import { singleStep } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import { guardedAndConfined } from './support/guarded-and-confined.ts';

export const testCase = policyCase(
  singleStep(
    'hold',
    'Policies stay in force: what they deny never gets through, what they admit always does',
    ['intermittent', 'ingress', 'egress', 'every-node'],
    guardedAndConfined,
    { held: true },
  ),
);
