/** What Cyclonus has told so far of the cases it runs one after another. */
export interface PeerProgress {
  readonly chosen: number;
  readonly finished: number;
  /** From the first case's begin to the end of the last that finished; its pods are up before. */
  readonly seconds: number;
}

/** Follows Cyclonus' output, a line at a time with the instant it came, in milliseconds. */
export class PeerCases {
  private chosen = 0;
  private finished = 0;
  private beganMs: number | undefined;
  private endedMs = 0;

  /** Takes a line into account; returns what is known since. */
  read(line: string, atMs: number): PeerProgress {
    const chosen = /^testing (\d+) cases/.exec(line)?.[1];
    if (chosen !== undefined) this.chosen = Number(chosen);
    if (line.startsWith('starting test case #')) this.beganMs ??= atMs;
    if (line.startsWith('finished policy #')) {
      this.finished += 1;
      this.endedMs = atMs;
    }
    return this.progress();
  }

  progress(): PeerProgress {
    const { chosen, finished, beganMs = 0, endedMs } = this;
    return { chosen, finished, seconds: finished === 0 ? 0 : (endedMs - beganMs) / 1000 };
  }
}
