import { basePolicy } from '../../harness/netpol/base.ts';
import { directions, idOf, singleStep, type Direction, type Port } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import type { PolicyCase } from '../../harness/netpol/types.ts';

interface PortVariant {
  readonly name: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly ports: readonly Port[];
}

const protocols = [undefined, 'TCP', 'UDP', 'SCTP'] as const;
const nameOf = (protocol: string | undefined) => protocol?.toLowerCase() ?? 'default-protocol';
const withProtocol = (protocol: Port['protocol'], port: Port): Port =>
  protocol === undefined ? port : { protocol, ...port };

const numbered = protocols.flatMap((protocol) =>
  [undefined, 80, 81].map((port): PortVariant => ({
    name: idOf(nameOf(protocol), port ?? 'any-port'),
    title: `${protocol ?? 'default protocol'}, ${port === undefined ? 'any port' : `port ${port}`}`,
    tags: [port === undefined ? 'any-port' : 'numbered-port', nameOf(protocol)],
    ports: [withProtocol(protocol, port === undefined ? {} : { port })],
  })),
);

const named = (['TCP', 'UDP', 'SCTP'] as const).flatMap((protocol) =>
  [80, 81].map((port): PortVariant => ({
    name: idOf('named', port, protocol),
    title: `the port named serve-${port}-${protocol.toLowerCase()}`,
    tags: ['named-port', nameOf(protocol)],
    ports: [{ protocol, port: `serve-${port}-${protocol.toLowerCase()}` }],
  })),
);

const ranges: readonly (readonly [string, number, number, Port['protocol']])[] = [
  ['covers-both', 79, 82, 'TCP'],
  ['covers-first', 1, 80, 'TCP'],
  ['covers-second', 81, 65535, 'TCP'],
  ['misses-both', 82, 100, 'TCP'],
  ['single', 81, 81, 'UDP'],
  ['udp-both', 80, 81, 'UDP'],
];
const endPorts = ranges.map(([name, port, endPort, protocol]): PortVariant => ({
  name: idOf('endport', name),
  title: `${protocol ?? 'TCP'} ports ${port}-${endPort}`,
  tags: ['end-port', nameOf(protocol)],
  ports: [{ protocol, port, endPort }],
}));

const two = (name: string, first: Port, second: Port): PortVariant => ({
  name: idOf('two', name),
  title: `${describe(first)} or ${describe(second)}`,
  tags: ['two-plus-port-slice'],
  ports: [first, second],
});
const describe = ({ protocol = 'TCP', port }: Port) => `${protocol} ${port ?? 'any'}`;

const twos = [
  two('tcp-80-tcp-81', { protocol: 'TCP', port: 80 }, { protocol: 'TCP', port: 81 }),
  two('tcp-80-udp-81', { protocol: 'TCP', port: 80 }, { protocol: 'UDP', port: 81 }),
  two('tcp-any-udp-80', { protocol: 'TCP' }, { protocol: 'UDP', port: 80 }),
  two('udp-80-udp-81', { protocol: 'UDP', port: 80 }, { protocol: 'UDP', port: 81 }),
  two('named-tcp-80-udp-81', { protocol: 'TCP', port: 'serve-80-tcp' }, { protocol: 'UDP', port: 81 }),
  two(
    'named-tcp-81-named-udp-80',
    { protocol: 'TCP', port: 'serve-81-tcp' },
    { protocol: 'UDP', port: 'serve-80-udp' },
  ),
  two('sctp-80-tcp-81', { protocol: 'SCTP', port: 80 }, { protocol: 'TCP', port: 81 }),
];

const pathological: readonly PortVariant[] = [
  { name: 'empty-list', title: 'any port (empty list)', tags: ['any-port', 'empty-port-slice'], ports: [] },
  {
    name: 'named-wrong-protocol',
    title: 'a port name that belongs to another protocol',
    tags: ['named-port', 'pathological'],
    ports: [{ protocol: 'UDP', port: 'serve-81-tcp' }],
  },
  {
    name: 'named-not-served',
    title: 'a port name nobody has',
    tags: ['named-port', 'pathological'],
    ports: [{ protocol: 'TCP', port: 'serve-7981-tcp' }],
  },
  {
    name: 'numbered-not-served',
    title: 'a port number nobody serves',
    tags: ['numbered-port', 'pathological'],
    ports: [{ protocol: 'TCP', port: 7981 }],
  },
];

/** One of each kind; the others say the same of another port or protocol. */
const core = new Set([
  ...['tcp-80', 'udp-81', 'default-protocol-80', 'tcp-any-port', 'empty-list', 'named-81-udp'],
  ...['endport-covers-first', 'endport-udp-both', 'two-tcp-80-udp-81'],
]);

function portCase(direction: Direction, { name, title, tags, ports }: PortVariant): PolicyCase {
  const id = idOf('port', direction, name);
  return singleStep(
    id,
    `An ${direction} rule admits ${title}`,
    ['ports', direction, ...tags],
    [basePolicy({ ports: [...ports] }, [direction])],
    { tier: core.has(name) ? 'core' : 'extended' },
  );
}

/** 2 x (12 numbered or any + 6 named + 6 ranges + 7 pairs + 4 odd ones) = 70. */
export const cases = directions
  .flatMap((direction) =>
    [...numbered, ...named, ...endPorts, ...twos, ...pathological].map((variant) => portCase(direction, variant)),
  )
  .map(policyCase);
