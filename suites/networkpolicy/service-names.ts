import { basePolicy } from '../../harness/netpol/base.ts';
import { everything, policy, singleStep } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';

const how = { routes: ['name', 'service'] } as const;
const tags = ['service-name'];

/** Ingress only: a policy on egress would cut the lookup itself, and a name that does not resolve says nothing. */
export const cases = [
  singleStep(
    'service-name-selected',
    'By Service name a pod is as reachable as by its address',
    tags,
    [basePolicy({}, ['ingress'])],
    how,
  ),
  singleStep(
    'service-name-isolated',
    'A namespace without ingress is closed by Service name too',
    tags,
    [policy('x', 'deny', everything, { ingress: [] })],
    how,
  ),
].map(policyCase);
