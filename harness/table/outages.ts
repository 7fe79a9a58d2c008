import type { Agent } from '../probe/agent-types.ts';
import type { ProbeResult } from '../probe/types.ts';

/** A kind of server, and how many cases in a row must meet silence alone before the next waits less for it. */
export interface Answerer {
  /** As a line begins: `DNS does not answer`. */
  readonly silence: string;
  readonly cases: number;
  /** Looks of silence alone, within one wait, that are told as they happen: one may be a moment. */
  readonly looksToTell: number;
}

/** What answers for the cluster's DNS; with none there, no case gets an answer. */
export const clusterDns: Answerer = { silence: 'DNS does not answer', cases: 1, looksToTell: 3 };
/**
 * What carries Services to their pods. One case's kind of Service may be out alone, hence two; and a new Service is silent
 * until its endpoints are there, so that looks of one case tell nothing.
 */
export const serviceRouting: Answerer = { silence: 'Services do not answer', cases: 2, looksToTell: Infinity };

/**
 * What the cases of a run have found to be out altogether. Each case still looks for itself and has its own verdict; it
 * only waits less for what nobody has seen answer. The first answer that anybody sees ends that.
 */
export class Outages {
  private readonly silent = new Map<Answerer, number>();
  private readonly told = new Set<Answerer>();
  private readonly say: (line: string) => void;

  /** `say` gets one line for each kind of server that does not answer, the moment it is known. */
  constructor(say: (line: string) => void = () => undefined) {
    this.say = say;
  }

  isKnown(answerer: Answerer): boolean {
    return (this.silent.get(answerer) ?? 0) >= answerer.cases;
  }

  /** A case waited in vain, and nobody answered all the while. */
  waitedInVain(answerer: Answerer): void {
    this.silent.set(answerer, (this.silent.get(answerer) ?? 0) + 1);
  }

  answered(answerer: Answerer): void {
    this.silent.delete(answerer);
  }

  /** Once a run: what a pod's own files and servers answer ends the knowledge, not the news. */
  tell(answerer: Answerer, clients: number): void {
    if (this.told.has(answerer)) return;
    this.told.add(answerer);
    this.say(`${answerer.silence} at all: ${clients} of ${clients} clients`);
  }
}

/** What one client was answered. */
export interface Heard {
  readonly check: { readonly from: Agent };
  readonly result: ProbeResult;
}

/** What the looks of one wait have shown of an answerer. */
export class SilenceWatch {
  private readonly answerer: Answerer;
  private readonly outages: Outages;
  private looks = 0;
  private heard = false;

  constructor(answerer: Answerer, outages: Outages) {
    this.answerer = answerer;
    this.outages = outages;
  }

  /** Takes one look: what of it was asked of the answerer. Probes that say nothing about the network do not count. */
  take(asked: readonly Heard[], answers: (one: Heard) => boolean): void {
    const conclusive = asked.filter(({ result }) => result.verdict !== 'inconclusive');
    if (conclusive.length === 0) return;
    this.looks += 1;
    if (conclusive.some(answers)) {
      this.heard = true;
      this.outages.answered(this.answerer);
    } else if (!this.heard && (this.looks >= this.answerer.looksToTell || this.outages.isKnown(this.answerer))) {
      this.outages.tell(this.answerer, new Set(conclusive.map(({ check }) => check.from)).size);
    }
  }

  /** Whether nothing was heard since the wait began. */
  get isSilent(): boolean {
    return this.looks > 0 && !this.heard;
  }
}

/** How long a wait may take, ms: as a rule, where nobody has answered since it began, and where that is known of the run. */
export interface Patience {
  readonly wholeMs: number;
  readonly silentMs: number;
  readonly knownMs: number;
}

/** Waits by `wait` as long as what is seen is worth waiting for; what was waited for in vain is remembered for the run. */
export async function waitWhileWorth(
  ctx: { readonly outages?: Outages },
  answerer: Answerer,
  { wholeMs, silentMs, knownMs }: Patience,
  wait: (watch: SilenceWatch, options: { readonly timeoutMs: () => number }) => Promise<void>,
): Promise<void> {
  const outages = ctx.outages ?? new Outages();
  const watch = new SilenceWatch(answerer, outages);
  const timeoutMs = () => {
    if (!watch.isSilent) return wholeMs;
    return Math.min(wholeMs, outages.isKnown(answerer) ? knownMs : silentMs);
  };
  try {
    await wait(watch, { timeoutMs });
  } catch (error) {
    if (watch.isSilent) outages.waitedInVain(answerer);
    throw error;
  }
}
