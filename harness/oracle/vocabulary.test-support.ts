import fc from 'fast-check';
import type { Vocabulary } from './arbitraries.ts';
import type { Protocol } from '../kube/network-policy.ts';

const protocols: Protocol[] = ['TCP', 'UDP', 'SCTP'];
/** Few words, so that questions and policies meet often. */
export const words: Vocabulary = {
  namespaces: ['x', 'y'],
  namespaceLabels: { ns: ['x', 'y', 'q'], team: ['red'], 'kubernetes.io/metadata.name': ['x', 'y'] },
  podLabels: { pod: ['a', 'b', 'q'], app: ['web', 'db'] },
  ports: [79, 80, 81],
  portNames: ['web', 'dns', 'absent'],
  protocols,
  cidrs: [
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.1.0.0/24',
    '10.1.0.2/32',
    '172.18.0.0/16',
    '172.18.0.2/32',
    '203.0.113.0/25',
    '::/0',
    'fd00::/16',
    'fd00::2/128',
  ],
};
export const number = fc.constantFrom(...words.ports);
export const protocol = fc.constantFrom(...protocols);
export const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
