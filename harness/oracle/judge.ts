import type { ClusterModel } from './model-types.ts';
import { compileRulebook, type Rulebook } from './decide.ts';
import type { Flow } from './flow.ts';
import { readingsOf, type Readings } from './readings.ts';
import { resolve } from './resolve.ts';
import type { Attempt, Cell, DirectionReason, Dispute, Judgement, Source, Table } from './types.ts';
import { indexModel, type IndexedPod, type ClusterModelIndex } from './cluster-model-index.ts';

/** A model made ready for many questions. Ask `judge` once per cell; the model must not change meanwhile. */
export interface Oracle {
  judge(attempt: Attempt): Judgement;
}

/** Returns an oracle over the model; selectors are compiled once. @throws OrdealError USAGE for malformed addresses. */
export function oracleOf(model: ClusterModel): Oracle {
  const index = indexModel(model);
  const rulebook = compileRulebook(model);
  return { judge: (attempt) => judgeAttempt(index, rulebook, attempt) };
}

/** Returns the verdict of one attempt with its reason. @throws OrdealError USAGE for a pod, node or Service the model lacks. */
export function judge(model: ClusterModel, attempt: Attempt): Judgement {
  return oracleOf(model).judge(attempt);
}

/** Returns one judged cell per attempt, in their order. @throws OrdealError USAGE as `judge` does. */
export function truthTable(model: ClusterModel, attempts: readonly Attempt[]): Table {
  const oracle = oracleOf(model);
  return { cells: attempts.map((attempt): Cell => ({ ...attempt, ...oracle.judge(attempt) })) };
}

/** The name of a workload asks for all its pods; a pod is not asked about itself while there is another. */
function judgeAttempt(index: ClusterModelIndex, rulebook: Rulebook, attempt: Attempt): Judgement {
  const sources = podsOf(index, attempt.from);
  const targets = attempt.to.kind === 'service' ? [attempt.to] : podsOf(index, attempt.to);
  if (sources.length === 1 && targets.length === 1) return judgeOne(index, rulebook, attempt);
  const pairs = sources.flatMap((from) => targets.map((to) => ({ from, to })));
  const apart = pairs.filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
  const judged = apart.map((pair) => judgeOne(index, rulebook, { ...attempt, ...pair }));
  return { ...balanced(judged, 'it depends on the pods'), ...disputeOf(judged) };
}

function podsOf<E extends Source>(index: ClusterModelIndex, end: E): readonly E[] {
  if (end.kind !== 'pod') return [end];
  return index.podsNamed(end.namespace, end.name).map(({ pod }: IndexedPod) => ({ ...end, name: pod.name }));
}

function judgeOne(index: ClusterModelIndex, rulebook: Rulebook, attempt: Attempt): Judgement {
  const way = resolve(index, attempt);
  if ('verdict' in way) return judgement(way.verdict, way.text, {}, way.disputed);
  const judged = way.flows.map((flow) => judgeFlow(rulebook, flow, way.via));
  const reaches = way.via === undefined ? {} : { reaches: way.flows.map(({ to }) => to.name) };
  return { ...balanced(judged, `${way.via ?? ''} balances over different verdicts`), ...disputeOf(judged), ...reaches };
}

/** What a client sees of several ways its packet may take. */
function balanced(judged: readonly Judgement[], why: string): Judgement {
  const [first] = judged;
  if (first === undefined) throw new Error('a resolution without verdict has at least one flow');
  if (judged.every((it) => it.verdict === first.verdict)) return first;
  const undecided = judged.find((it) => it.verdict === 'undecided');
  if (undecided !== undefined) return undecided;
  const each = [...new Set(judged.map((it) => it.reason.text))];
  const more = each.length > 10 ? [`and ${each.length - 10} more`] : [];
  return judgement('mixed', `${why}: ${[...each.slice(0, 10), ...more].join('; ')}`);
}

function disputeOf(judged: readonly Judgement[]): { disputed?: Dispute } {
  const undecided = judged.find((it) => it.verdict === 'undecided');
  const disputed = undecided?.disputed ?? judged.find((it) => it.disputed !== undefined)?.disputed;
  return disputed === undefined ? {} : { disputed };
}

function judgeFlow(rulebook: Rulebook, flow: Flow, via: string | undefined): Judgement {
  const route = via === undefined ? '' : `${via} -> ${flow.to.name} ${flow.protocol} ${flow.port}: `;
  if (!flow.hairpin && flow.from.name === flow.to.name)
    return served(flow, route, `${flow.to.name} may always reach its own address`, {});
  const egress = readingsOf(rulebook, 'egress', flow);
  const ingress = readingsOf(rulebook, 'ingress', flow);
  const first = judgeSides(flow, route, egress.plain, ingress.plain);
  const surelyDenied = egress.admits === 'never' || ingress.admits === 'never';
  const open = [egress, ingress].filter((it) => it.admits === 'perhaps');
  return surelyDenied || open.length === 0 ? first : undecided(first, open);
}

/** Neither verdict is wrong: says the one after translation, then what another reading makes of it. */
function undecided(first: Judgement, open: readonly Readings[]): Judgement {
  const other = open.flatMap(({ other: it }) => (it === undefined ? [] : [it]));
  const instead = other.map(({ reason }) => reason).join('; ');
  const text = `${first.reason.text}; but by another reading that the API allows, ${instead}`;
  const { egress, ingress } = first.reason;
  return judgement('undecided', text, { ...(egress && { egress }), ...(ingress && { ingress }) }, other[0]?.disputed);
}

function judgeSides(
  flow: Flow,
  route: string,
  egress: DirectionReason | undefined,
  ingress: DirectionReason | undefined,
): Judgement {
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
