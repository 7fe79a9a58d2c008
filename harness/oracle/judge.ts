import { decide, type Rulebook, compileRulebook } from './decide.ts';
import { resolve, type Flow } from './flow.ts';
import type { Attempt, Cell, DirectionReason, Dispute, Judgement, Table, World } from './types.ts';
import { indexWorld, type WorldIndex } from './world-index.ts';

/** A world made ready for many questions. Ask `judge` once per cell; the world must not change meanwhile. */
export interface Oracle {
  judge(attempt: Attempt): Judgement;
}

/** Returns an oracle over the world; selectors are compiled once. Throws USAGE for malformed addresses. */
export function oracleOf(world: World): Oracle {
  const index = indexWorld(world);
  const rulebook = compileRulebook(world);
  return { judge: (attempt) => judgeAttempt(index, rulebook, attempt) };
}

/** Returns the verdict of one attempt with its reason. Throws USAGE for a pod, node or Service the world lacks. */
export function judge(world: World, attempt: Attempt): Judgement {
  return oracleOf(world).judge(attempt);
}

/** Returns one judged cell per attempt, in their order. Throws USAGE as `judge` does. */
export function truthTable(world: World, attempts: readonly Attempt[]): Table {
  const oracle = oracleOf(world);
  return { cells: attempts.map((attempt): Cell => ({ ...attempt, ...oracle.judge(attempt) })) };
}

function judgeAttempt(index: WorldIndex, rulebook: Rulebook, attempt: Attempt): Judgement {
  const way = resolve(index, attempt);
  if ('verdict' in way) return judgement(way.verdict, way.text, {}, way.disputed);
  const judged = way.flows.map((flow) => judgeFlow(rulebook, flow, way.via));
  const reaches = way.via === undefined ? {} : { reaches: way.flows.map(({ to }) => to.name) };
  return { ...balanced(judged, way.via), ...disputeOf(judged), ...reaches };
}

/** What a client sees of several ways its packet may take. */
function balanced(judged: readonly Judgement[], via = ''): Judgement {
  const [first] = judged;
  if (first === undefined) throw new Error('a resolution without verdict has at least one flow');
  if (judged.every((it) => it.verdict === first.verdict)) return first;
  const each = judged.map((it) => it.reason.text).join('; ');
  return judgement('mixed', `${via} balances over different verdicts: ${each}`);
}

function disputeOf(judged: readonly Judgement[]): { disputed?: Dispute } {
  const disputed = judged.find((it) => it.disputed !== undefined)?.disputed;
  return disputed === undefined ? {} : { disputed };
}

function judgeFlow(rulebook: Rulebook, flow: Flow, via: string | undefined): Judgement {
  const route = via === undefined ? '' : `${via} -> ${flow.to.name} ${flow.protocol} ${flow.port}: `;
  if (!flow.hairpin && flow.from.name === flow.to.name)
    return served(flow, route, `${flow.to.name} may always reach its own address`, {});
  const egress = decide(rulebook, 'egress', flow);
  const ingress = decide(rulebook, 'ingress', flow);
  const sides = { ...(egress && { egress }), ...(ingress && { ingress }) };
  const denied = [egress, ingress].filter((it) => it?.admitted === false);
  const disputed = flow.hairpin ? 'hairpin' : (egress?.disputed ?? ingress?.disputed);
  if (denied.length > 0) return judgement('dropped', `${route}${texts(denied)}`, sides, disputed);
  return served(flow, route, admittedText(flow, [egress, ingress]), sides, disputed);
}

type Sides = Pick<Judgement['reason'], 'egress' | 'ingress'>;

function served(flow: Flow, route: string, why: string, sides: Sides, disputed?: Dispute): Judgement {
  const { to, port, protocol } = flow;
  const serving = (to.pod ?? to.host)?.pod.serving;
  const listens = serving === undefined || serving.some((it) => it.port === port && it.protocol === protocol);
  if (listens) return judgement('open', `${route}${why}`, sides, disputed);
  return judgement('refused', `${route}${to.name} serves nothing on ${protocol} ${port} (${why})`, sides, disputed);
}

function admittedText({ from, to }: Flow, sides: readonly (DirectionReason | undefined)[]): string {
  const telling = sides.filter((it) => it !== undefined && it.text !== '');
  if (telling.length > 0) return texts(telling);
  return `no policy selects ${from.name} for egress or ${to.name} for ingress`;
}

function texts(sides: readonly (DirectionReason | undefined)[]): string {
  return sides.flatMap((it) => (it === undefined ? [] : [it.text])).join('; ');
}

function judgement(verdict: Judgement['verdict'], text: string, sides: Sides = {}, disputed?: Dispute): Judgement {
  const reason = { text: `${verdict}: ${text}`, ...sides };
  return disputed === undefined ? { verdict, reason } : { verdict, reason, disputed };
}
