import type { Sample } from '../agent-types.ts';
import { unexpected } from './expectation.ts';
import { OpenLoop } from './open-loop.ts';
import type { SampleSpec } from './schema.ts';

/** An open loop that keeps every sample. An answer that is not as expected is `open` with `error` set. */
export class Schedule {
  private readonly samples: Sample[] = [];
  private readonly loop: OpenLoop;

  constructor(spec: SampleSpec) {
    this.loop = new OpenLoop(spec, (index, { result, connection }, latencyUs) => {
      const { verdict, responder } = result;
      const error = unexpected(result, spec.expect) ?? result.error;
      this.samples[index] = { atMs: index * spec.everyMs, verdict, latencyUs, error, responder, connection };
    });
  }

  /** Returns the samples from index `from` on, up to the first whose attempt is still in flight. */
  peek(from: number): Sample[] {
    const known: Sample[] = [];
    for (let sample = this.samples[from]; sample !== undefined; sample = this.samples[from + known.length])
      known.push(sample);
    return known;
  }

  /** Ends the schedule, waits for attempts in flight, returns the samples from index `from` on. */
  async stop(from: number): Promise<Sample[]> {
    await this.loop.stop();
    return this.peek(from);
  }
}
