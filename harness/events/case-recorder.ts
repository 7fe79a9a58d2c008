import { describeError } from '../base/errors.ts';
import type { Emit } from './types.ts';
export type MeasureUnit = 'ms' | 'us' | 'count' | 'bytes' | 'ratio';

export interface Recorder {
  readonly caseId: string;
  /** Named sub-step, timed, shown in Allure. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  attach(name: string, content: string, mime?: 'text/plain' | 'application/json' | 'text/yaml' | 'image/svg+xml'): void;
  parameter(name: string, value: string): void;
  /** Numbers a report shows: settle times, latencies, downtime. `unit` 'ms' | 'us' | 'count' | 'bytes' | 'ratio'. */
  measure(name: string, value: number, unit: MeasureUnit, labels?: Record<string, string>): void;
}

/** What a case says of itself while it runs, as events of the run's log. */
export class CaseRecorder implements Recorder {
  readonly caseId: string;
  private readonly emit: Emit;
  private readonly startedAt = performance.now();

  constructor(caseId: string, emit: Emit) {
    this.caseId = caseId;
    this.emit = emit;
  }

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const finish = (error?: string) => {
      const times = { startMs: begun - this.startedAt, ms: performance.now() - begun };
      const failed = error === undefined ? {} : { error };
      this.emit({ type: 'case.step', id: this.caseId, title, ...times, ...failed });
    };
    try {
      const value = await work();
      finish();
      return value;
    } catch (error) {
      finish(describeError(error));
      throw error;
    }
  }

  attach(name: string, content: string, mime: Parameters<Recorder['attach']>[2] = 'text/plain'): void {
    this.emit({ type: 'case.attachment', id: this.caseId, name, mime, content });
  }

  parameter(name: string, value: string): void {
    this.emit({ type: 'case.parameter', id: this.caseId, name, value });
  }

  measure(name: string, value: number, unit: MeasureUnit, labels: Record<string, string> = {}): void {
    this.emit({ type: 'case.measure', id: this.caseId, name, value, unit, labels });
  }
}
