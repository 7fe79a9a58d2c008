import type { MeasureUnit } from './case-events.ts';

/** What a comparison must know of a metric; one declaration each. A metric without one is not compared. */
export interface MetricDeclaration {
  /** As logged. */
  readonly name: string;
  /** For people, without the unit. */
  readonly title: string;
  readonly unit: MeasureUnit;
  readonly better: 'lower' | 'higher';
  /** Under which load it is measured: figures under different loads are not the same metric. */
  readonly load: string;
  /** Labels that make it another metric, as `protocol` does; others say where or when it was measured. */
  readonly by: readonly string[];
  /** Taken once, where others are taken round by round: it is told, and no test is spent on it. */
  readonly once?: true;
}
