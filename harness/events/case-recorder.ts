import { describeError } from '../base/errors.ts';
import type { LatencyHistogram } from '../measure/histogram.ts';
import type { MeasureUnit, Metric } from './case-events.ts';
import { loggedTable, type TableRow } from './case-table.ts';
import type { Emit } from './types.ts';

export interface Recorder {
  readonly caseId: string;
  /** Named sub-step, timed, shown in Allure. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  attach(name: string, content: string, mime?: 'text/plain' | 'application/json' | 'text/yaml' | 'image/svg+xml'): void;
  parameter(name: string, value: string): void;
  /**
   * One number a report shows: settle time, latency, downtime. `metric` is an identifier (`downtime.longest`); what it is
   * of in words goes into the labels.
   */
  measure<M extends string>(
    metric: M & Metric<M>,
    value: number,
    unit: MeasureUnit,
    labels?: Record<string, string>,
  ): void;
  /** Latencies of which a report shows the percentiles that their number carries. */
  histogram<M extends string>(
    metric: M & Metric<M>,
    histogram: LatencyHistogram,
    labels?: Record<string, string>,
  ): void;
  /** Expected against measured, cell by cell. A table without cells is not recorded. */
  table(title: string, rows: readonly TableRow[]): void;
}

/** What a case says of itself while it runs, as events of the run's log. */
export class CaseRecorder implements Recorder {
  readonly caseId: string;
  private readonly emit: Emit;
  /** What its events are told apart by. */
  readonly key: { readonly id: string; readonly variant?: string };
  private readonly startedAt = performance.now();

  constructor(caseId: string, emit: Emit, variant?: string) {
    this.caseId = caseId;
    this.emit = emit;
    this.key = variant === undefined ? { id: caseId } : { id: caseId, variant };
  }

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const finish = (error?: string) => {
      const times = { startMs: begun - this.startedAt, ms: performance.now() - begun };
      const failed = error === undefined ? {} : { error };
      this.emit({ type: 'case.step', ...this.key, title, ...times, ...failed });
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
    this.emit({ type: 'case.attachment', ...this.key, name, mime, content });
  }

  parameter(name: string, value: string): void {
    this.emit({ type: 'case.parameter', ...this.key, name, value });
  }

  measure<M extends string>(
    metric: M & Metric<M>,
    value: number,
    unit: MeasureUnit,
    labels: Record<string, string> = {},
  ): void {
    this.emit({ type: 'case.measure', ...this.key, metric, unit, value, labels });
  }

  histogram<M extends string>(
    metric: M & Metric<M>,
    histogram: LatencyHistogram,
    labels: Record<string, string> = {},
  ): void {
    const encoded = histogram.encode();
    this.emit({ type: 'case.histogram', ...this.key, metric, unit: 'us', labels, encoded });
  }

  table(title: string, rows: readonly TableRow[]): void {
    if (rows.length > 0) this.emit({ type: 'case.table', ...this.key, title, ...loggedTable(rows) });
  }
}
