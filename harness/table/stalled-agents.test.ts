import { expect } from 'chai';
import type { Agent, Stall } from '../probe/agent-types.ts';
import type { Probe } from '../probe/types.ts';
import { StalledAgents } from './stalled-agents.ts';
import { agentStub } from './stubs.test-support.ts';

const agentWith = (name: string, ip: string, stalls: () => Promise<readonly Stall[]>): Agent => ({
  ...agentStub({ name, ips: [ip] }),
  stalls,
});
const never = () => Promise.resolve([]);
const to = (host: string): Probe => ({ kind: 'tcp', host, port: 80, timeoutMs: 3_000 });

describe('StalledAgents', () => {
  const asker = agentWith('asker', '10.0.0.1', never);
  const sound = agentWith('sound', '10.0.0.2', never);
  const late = agentWith('late', '10.0.0.3', () => Promise.resolve([{ endedAgoMs: 400, ms: 1_500 }]));

  it('explains silence of the agent that did not run, and of a Service that may have led to it', async () => {
    const stalled = await StalledAgents.ask([asker, sound, late], 500);
    expect(stalled.explains(asker, to('10.0.0.3'))).to.equal(true);
    expect(stalled.explains(asker, to('10.96.0.1'))).to.equal(true);
    expect(stalled.explains(late, to('10.0.0.2'))).to.equal(true);
    expect(stalled.explains(asker, to('10.0.0.2'))).to.equal(false);
  });

  it('explains nothing by a stall that was over before, or shorter than half of what the probe waits', async () => {
    expect((await StalledAgents.ask([asker, late], 399)).explains(asker, to('10.0.0.3'))).to.equal(false);
    const brief = agentWith('brief', '10.0.0.4', () => Promise.resolve([{ endedAgoMs: 0, ms: 1_499 }]));
    expect((await StalledAgents.ask([asker, brief], 500)).explains(asker, to('10.0.0.4'))).to.equal(false);
  });

  it('takes an agent that does not even say so for stalled', async () => {
    const gone = agentWith('gone', '10.0.0.5', () => Promise.reject(new Error('no answer')));
    expect((await StalledAgents.ask([asker, gone], 500)).explains(asker, to('10.0.0.5'))).to.equal(true);
  });
});
