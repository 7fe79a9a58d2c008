/** Narration of long work. Always stderr; stdout is data. */
export interface Progress {
  /** Runs `work` as a named step; prints start, elapsed and outcome, and keeps the times for the report. */
  step<T>(title: string, work: (report: StepReport) => Promise<T>): Promise<T>;
  /** One plain line, for facts a reader needs (which image source was taken and why, what will be installed). */
  note(line: string): void;
}

/** Updates the live line of a running step: counts, bytes, what is running now. */
export type StepReport = (detail: string) => void;

export interface StepTime {
  readonly title: string;
  readonly ms: number;
  readonly outcome: 'ok' | 'failed';
}

/** A step that ended, as it stands in a run log. */
export interface StepRecord extends StepTime {
  readonly type: 'step';
  readonly error?: string;
}
