import type { CaseContext, CaseDefinition } from '../case/types.ts';
import type { TableRow } from '../events/case-table.ts';
import type { Agent, Expectation } from '../probe/agent-types.ts';
import type { Probe } from '../probe/types.ts';

/** A pod a packet may start from or arrive at. */
export type End = Pick<Agent, 'namespace' | 'name' | 'node'>;

/**
 * What one cell shows. `lost`: what should get through does not. `leak`: what should not does. `wrong`: an answer, and not
 * the right one. `unknown`: the tool could not tell.
 */
export type CellState = 'as-wanted' | 'lost' | 'leak' | 'wrong' | 'unknown';

/** One cell of an area's table as one look saw it. */
export interface SeenCell {
  /** Names the cell in every look. */
  readonly key: string;
  readonly state: CellState;
  /** As the log has it, expected against measured. */
  readonly row: TableRow;
  /** Who asks, and what is asked: a process that did not run there excuses a lost answer. */
  readonly from: Agent;
  readonly probe: Probe;
  /** All pods the packet may have been meant for, and the one it came from. */
  readonly ends: readonly End[];
}

/** Traffic that runs from before the fault until after it, one attempt each `sampleMs`. */
export interface Lane {
  readonly from: Agent;
  readonly probe: Probe;
  readonly expect?: Expectation;
  /** True for traffic that must never get through. */
  readonly denied: boolean;
  readonly ends: readonly End[];
  /** Agents among those who answer: what they do not while their process does not run says nothing. */
  readonly servers: readonly Agent[];
  /** A TCP port that `from` itself serves: what it does not reach there, the machine had no time for. */
  readonly ownPort: number;
}

/** What an area has on the cluster to be asked while a fault holds. */
export interface AreaBed {
  /** The pod of it that faults of pods act on. */
  readonly victim: Agent | undefined;
  readonly lanes: readonly Lane[];
  /** Looks at the whole table once. */
  look(): Promise<readonly SeenCell[]>;
}

/** An area's table, to be measured under any fault. `suites/<area>/during.ts` exports one as `duringTable`. */
export interface AreaTable extends Pick<CaseDefinition, 'area' | 'needs' | 'uses' | 'rights'> {
  /** What holds, in words that end the sentence `While loss:10% holds,`. */
  readonly claim: string;
  readonly source: string;
  open(ctx: CaseContext): Promise<AreaBed>;
}
