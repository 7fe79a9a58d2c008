import { everything, policy } from '../../../harness/netpol/build.ts';
import type { PolicyTemplate } from '../../../harness/netpol/types.ts';
import { fromNamespace, tcp } from '../../../harness/netpol/upstream.ts';

const port80 = [tcp(80), { protocol: 'UDP' as const, port: 80 }];

/**
 * Paths that ingress alone closes (y to x on 81), that egress alone does (z to y on 81, x to y), that both do (z to x), and
 * some that rules admit, on one node and between two, by pod address and through Services.
 */
export const guardedAndConfined: readonly PolicyTemplate[] = [
  policy('x', 'guarded', everything, { ingress: [{ peers: [fromNamespace('y')], ports: port80 }], egress: [] }),
  policy('z', 'confined', everything, { egress: [{ peers: [fromNamespace('y')], ports: port80 }] }),
];
