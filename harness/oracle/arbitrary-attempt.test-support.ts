import fc from 'fast-check';
import type { Attempt, Destination, Source } from './types.ts';
import { number, protocol } from './vocabulary.test-support.ts';

const podRef = fc.record({
  kind: fc.constant('pod' as const),
  namespace: fc.constantFrom('x', 'y'),
  name: fc.constantFrom('a', 'b'),
});
const node = fc.record({ kind: fc.constant('node' as const), name: fc.constantFrom('n1', 'n2') });
const external = fc.record({
  kind: fc.constant('external' as const),
  ip: fc.constantFrom(
    '203.0.113.7',
    '203.0.113.200',
    'fd00:1::9',
    '10.1.0.1',
    '172.18.0.2',
    '10.96.0.1',
    '203.0.113.50',
    '203.0.113.60',
  ),
});
const served = ['10.96.0.1', '203.0.113.50', '203.0.113.60'];
const outside = external.filter((it) => !served.includes(it.ip));
const from: fc.Arbitrary<Source> = fc.oneof({ weight: 4, arbitrary: podRef }, node, outside);
const to: fc.Arbitrary<Destination> = fc.oneof(
  { weight: 4, arbitrary: podRef },
  { weight: 2, arbitrary: fc.constant({ kind: 'service' as const, namespace: 'x', name: 'svc' }) },
  node,
  external,
);

/** Returns questions about such a model, of every kind of source and destination. */
export const attempt: fc.Arbitrary<Attempt> = fc.record({
  from,
  to,
  port: fc.oneof({ weight: 3, arbitrary: number }, fc.constantFrom(8088, 30080, 30081)),
  protocol,
});
