import { expect } from 'chai';
import type { NodeInfo } from '../kube/nodes.ts';
import { fakeCase } from './fake-engine.test-support.ts';
import { footprintOf } from './footprint.ts';
import type { CaseFixture, LeasedFixture, RunFixture } from './fixture.ts';
import { anyDisruption, beyondOwn } from './touches.ts';

const open = () => Promise.reject(new Error('nothing is opened to plan'));
const idle: LeasedFixture<unknown> = {
  ...{ name: 'idle', scope: 'lease', touches: 'own', rights: [], open },
  pods: () => 4,
  capacity: () => 2,
  casesWorthOne: 1,
};
const bench: LeasedFixture<unknown> = { ...idle, name: 'bench', pods: () => 9, idleVariant: idle };
const each: RunFixture<unknown> = {
  name: 'each',
  scope: 'run',
  touches: 'own',
  rights: [],
  open,
  pods: (nodes) => nodes.length,
};
const own: CaseFixture<unknown> = { name: 'own', scope: 'case', touches: 'own', rights: [], open, pods: () => 100 };

const pass = () => Promise.resolve();
const dns = beyondOwn('cluster', 'dns', 'a pod of CoreDNS is killed');
const cases = [
  fakeCase('dns-a', pass, { uses: [each] }),
  fakeCase('dns-b', pass, { uses: [each, bench] }),
  fakeCase('dns-c', pass, { touches: dns, uses: [own] }),
  fakeCase('dns-d', pass, { touches: dns }),
];
const nodes = [{ name: 'one' }, { name: 'two' }, { name: 'three' }] as NodeInfo[];
const concurrency = { free: 3, idleBeside: false, leased: new Map([[bench, { busy: 2, idle: 1 }]]) };

describe('footprintOf', () => {
  it('counts pods of what is shared once, and of what is lent as often as it may be', () => {
    const { pods } = footprintOf(cases, { nodes, consent: anyDisruption, concurrency });
    expect(pods).equal(3 + 2 * 9 + 1 * 4);
  });

  it('leaves out what nobody allowed, with its pods and what it would disturb', () => {
    const { cases: run, notAllowed, disturbed } = footprintOf(cases, { nodes, consent: new Set(), concurrency });
    expect(run.map(({ id }) => id)).deep.equal(['dns-a', 'dns-b']);
    expect(notAllowed.map(({ id }) => id)).deep.equal(['dns-c', 'dns-d']);
    expect([...disturbed]).deep.equal([]);
  });

  it('says once what several cases disturb', () => {
    const { disturbed } = footprintOf(cases, { nodes, consent: new Set(['dns']), concurrency });
    expect([...disturbed]).deep.equal([['dns', ['a pod of CoreDNS is killed']]]);
  });
});
