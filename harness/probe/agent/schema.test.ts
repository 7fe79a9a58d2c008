import { expect } from 'chai';
import fc from 'fast-check';
import { Probe } from '../types.ts';
import type { z } from 'zod';
import { WireProbe } from './schema.ts';

/** Compiles only while every probe of the contract is one the agent lets in. */
const contractFitsWire = (probe: Probe): z.input<typeof WireProbe> => probe;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const wild = fc.oneof(
  fc.integer({ min: -1, max: 70_000 }),
  fc.string({ maxLength: 3 }),
  fc.constant(undefined),
  fc.constant(1.5),
);

/** Probes near the contract: mostly right, each field sometimes wrong or missing. */
const nearProbe = fc.record(
  {
    kind: fc.constantFrom('tcp', 'udp', 'sctp', 'http', 'dns', 'lookup', 'icmp'),
    host: fc.oneof({ weight: 5, arbitrary: fc.constant('10.0.0.1') }, { weight: 1, arbitrary: wild }),
    port: fc.oneof({ weight: 5, arbitrary: fc.constant(80) }, { weight: 1, arbitrary: wild }),
    timeoutMs: fc.oneof({ weight: 5, arbitrary: fc.constant(300) }, { weight: 1, arbitrary: wild }),
    payloadBytes: maybe(wild),
    connectOnly: maybe(fc.oneof(fc.boolean(), wild)),
    closeWithReset: maybe(fc.oneof(fc.boolean(), wild)),
    sharedSocket: maybe(fc.oneof(fc.boolean(), wild)),
    path: maybe(wild),
    headers: maybe(fc.constantFrom({ a: 'b' }, { a: 1 })),
    tls: maybe(fc.boolean()),
    name: maybe(fc.constant('a.b')),
    rrtype: maybe(fc.constantFrom('A', 'SRV', 'MX')),
    transport: maybe(fc.constantFrom('udp', 'tcp', 'quic')),
    server: maybe(fc.constant('10.96.0.10')),
    serverPort: maybe(fc.constant(53)),
  },
  { requiredKeys: ['kind'] },
);

/** Leaves out undefined fields, as JSON on the wire does. */
const onWire = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe("the agent's own probe schema", () => {
  it('accepts and refuses what the contract does, with the same defaults', () => {
    let accepted = 0;
    fc.assert(
      fc.property(nearProbe, (candidate) => {
        const contract = Probe.safeParse(onWire(candidate));
        const wire = WireProbe.safeParse(onWire(candidate));
        expect(wire.success, JSON.stringify(candidate)).to.equal(contract.success);
        expect(wire.data).to.deep.equal(contract.data);
        if (contract.success) accepted++;
      }),
      { numRuns: 3_000 },
    );
    expect(accepted, 'probes both accepted').to.be.greaterThan(0);
  });

  it('takes whole probes of every kind', () => {
    const target = { host: 'h', port: 80, timeoutMs: 1 };
    const probes: Probe[] = [
      { kind: 'tcp', ...target, payloadBytes: 0, connectOnly: true },
      { kind: 'udp', ...target, payloadBytes: 9 },
      { kind: 'sctp', ...target },
      { kind: 'http', ...target, headers: { a: 'b' }, tls: true },
      { kind: 'dns', name: 'a', rrtype: 'PTR', server: 's', serverPort: 53, timeoutMs: 1 },
      { kind: 'lookup', name: 'a', timeoutMs: 1 },
    ];
    for (const probe of probes) expect(WireProbe.parse(contractFitsWire(probe))).to.deep.equal(Probe.parse(probe));
  });
});
