import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { Timeouts } from '../base/timeouts.ts';
import { folderOf } from '../events/fold.ts';
import { statusOf } from '../events/record.ts';
import { logVersion } from '../events/types.ts';
import { compareNetworks, type Subject } from './compare-networks.ts';
import { profiles } from './profile.ts';

const at = '2026-11-27T12:00:00.000Z';
const failing = (name: string, error: Error): Subject => ({ name, given: false, provide: () => Promise.reject(error) });

function frameOf() {
  const start = { type: 'run.started', at, logVersion, runId: 'r', ordeal: '0', command: 'compare' } as const;
  const folder = folderOf({ ...start, argv: [], imageSource: 'none' });
  const notes: string[] = [];
  const progress = {
    step: <T>(_: string, work: (report: () => void) => Promise<T>) => work(() => undefined),
    note: (line: string) => void notes.push(line),
  };
  const emit = (event: Parameters<Parameters<typeof compareNetworks>[2]['emit']>[0]) => folder.add({ ...event, at });
  const { signal } = new AbortController();
  const frame = {
    metrics: [],
    curves: [],
    profile: profiles.quick,
    emit,
    timeouts: Timeouts.parse({}),
    signal,
    runId: 'r',
    stateDir: 'nowhere',
    progress,
  };
  return { frame, notes, cases: () => folder.record().cases };
}

describe('networks that do not come up', () => {
  const install = new OrdealError('CLUSTER', 'the CNI did not become ready');

  it('have their reason in the log, and the others are still tried', async () => {
    const { frame, notes, cases } = frameOf();
    expect(await compareNetworks([failing('a', install), failing('b', install)], [], frame)).to.equal(0);
    expect(cases().map((one) => [one.variant, statusOf(one), one.result?.reason])).to.deep.equal([
      ['a', 'inconclusive', 'the CNI did not become ready'],
      ['b', 'inconclusive', 'the CNI did not become ready'],
    ]);
    expect(notes).to.have.lengthOf(2);
  });

  it('end the comparison where what was asked for cannot be used at all', async () => {
    const error: unknown = await compareNetworks(
      [failing('a', new OrdealError('USAGE', 'no such cluster'))],
      [],
      frameOf().frame,
    ).catch((cause: unknown) => cause);
    expect(error).to.have.property('code', 'USAGE');
  });
});
