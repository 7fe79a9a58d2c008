import type { Feature } from '../../clusters/names.ts';
import type { MetricDeclaration } from '../events/metric-declaration.ts';
import type { LatencyHistogram } from '../measure/histogram.ts';
import type { Bed } from './bed.ts';
import type { Profile } from './profile.ts';
import type { VisitContext } from './visit-context.ts';

type Labels = Readonly<Record<string, string>>;

/** One figure of a visit, or the latencies of which percentiles are told; `of` names one of what is measured `also`. */
export type Reading = { readonly labels: Labels; readonly of?: string } & (
  { readonly value: number } | { readonly histogram: LatencyHistogram }
);

/** A metric of a comparison: one file each. */
export interface BenchMetric extends MetricDeclaration {
  /** Without it the network has no such figure: said, never counted as zero. */
  readonly needs?: Feature;
  /** What the same load tells besides. */
  readonly also?: readonly MetricDeclaration[];
  /** Left to the full profile: it takes long, or tells little of most networks. */
  readonly fullOnly?: true;
  /** @throws OrdealError, InconclusiveError where it cannot be measured. */
  measure(bed: Bed, profile: Profile, ctx: VisitContext): Promise<Reading[]>;
}
