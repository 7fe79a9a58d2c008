import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { isWhole, known, peersOf, pickOf, Selector, Target, targetsOf } from './chaos-mesh-selector.ts';
import type { ScenarioFault } from './scenario.ts';

const Experiment = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().default('unnamed'), namespace: z.string().default('default') }),
  spec: z.looseObject({
    action: z.string(),
    mode: z.string().default('all'),
    selector: Selector.default({}),
    duration: z.string().optional(),
    direction: z.enum(['to', 'from', 'both']).default('to'),
    externalTargets: z.array(z.string()).optional(),
    delay: z.looseObject({ latency: z.string(), jitter: z.string().optional() }).optional(),
    loss: z.looseObject({ loss: z.string() }).optional(),
    duplicate: z.looseObject({ duplicate: z.string() }).optional(),
    corrupt: z.looseObject({ corrupt: z.string() }).optional(),
    bandwidth: z.looseObject({ rate: z.string() }).optional(),
    gracePeriod: z.number().optional(),
    patterns: z.array(z.string()).optional(),
    value: z.string().optional(),
    target: Target.optional(),
  }),
});
type Experiment = z.infer<typeof Experiment>;
type Spec = Experiment['spec'];

/** An experiment of another tool as one of ours. */
export interface Imported {
  /** As its author named it. */
  readonly title: string;
  readonly fault: string;
  readonly targets: readonly string[];
  /** Of `--for`. */
  readonly duration: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly pick: ScenarioFault['pick'];
  /** NAMESPACE:LABELS of the pods at the other end. */
  readonly peers?: string;
  /** What of its meaning is lost, each with the reason. */
  readonly lost: readonly string[];
}

type Translated = Pick<Imported, 'fault' | 'settings'> & { readonly lost?: readonly string[] };
const usualDuration = '60s';

/**
 * Returns a Chaos Mesh experiment (NetworkChaos, PodChaos, DNSChaos) as one of ours, with what it cannot express.
 * @throws OrdealError USAGE for another kind or action, naming it. Source: Chaos Mesh 2.x, api/v1alpha1.
 */
export function fromChaosMesh(object: unknown): Imported {
  const parsed = Experiment.safeParse(object);
  if (!parsed.success) {
    const said = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ');
    throw new OrdealError('USAGE', `this is no experiment of Chaos Mesh: ${said}`);
  }
  const { kind, metadata, spec } = parsed.data;
  const translate = kinds[kind];
  if (translate === undefined) {
    throw new OrdealError('USAGE', `${kind} ${metadata.name}: only ${Object.keys(kinds).join(', ')} can be read`);
  }
  const { fault, settings, lost = [] } = translate(spec, `${kind} ${metadata.name}`);
  return {
    ...{ title: metadata.name, fault, settings, targets: targetsOf(metadata.namespace, spec), pick: pickOf(spec) },
    ...peersOf(metadata.namespace, spec, fault),
    duration: spec.duration ?? usualDuration,
    lost: [...lost, ...lostOfAll(spec, fault)],
  };
}

const kinds: Readonly<Record<string, ((spec: Spec, name: string) => Translated) | undefined>> = {
  NetworkChaos: networkChaos,
  PodChaos: podChaos,
  DNSChaos: dnsChaos,
};

const direction = { to: 'egress', from: 'ingress', both: 'both' } as const;

function networkChaos(spec: Spec, name: string): Translated {
  const { action, delay, loss, duplicate, corrupt, bandwidth, externalTargets = [] } = spec;
  const isAddress = (one: string) => /^[\d.]+(\/\d+)?$|:.*:/.test(one);
  const peers = externalTargets.filter(isAddress);
  const names = externalTargets.filter((one) => !isAddress(one));
  const where = { direction: direction[spec.direction], ...(peers.length > 0 && { peers: peers.join(',') }) };
  const lost = names.map((one) => `externalTargets ${one}: a name; give its addresses as peers`);
  const as = (fault: string, settings: Record<string, string> = {}, more: readonly string[] = []): Translated => {
    return { fault, settings: { ...settings, ...where }, lost: [...lost, ...more, ...correlated(spec, action)] };
  };
  if (action === 'partition') return as('isolate');
  if (action === 'delay' && delay !== undefined) return as('delay', delaySettings(delay));
  if (action === 'loss' && loss !== undefined) return as('loss', { percent: loss.loss });
  if (action === 'corrupt' && corrupt !== undefined) return as('corrupt', { percent: corrupt.corrupt });
  if (action === 'duplicate' && duplicate !== undefined) {
    const { direction: way, ...rest } = as('duplicate', { percent: duplicate.duplicate }).settings;
    return {
      fault: 'duplicate',
      settings: rest,
      lost: way === 'egress' ? lost : [...lost, `direction ${spec.direction}: only what leaves is sent twice`],
    };
  }
  if (action === 'bandwidth' && bandwidth !== undefined) {
    const way = spec.direction === 'from' ? 'ingress' : 'egress';
    const both = spec.direction === 'both' ? ['direction both: only what leaves is limited'] : [];
    const filtered = externalTargets.length > 0 ? ['externalTargets: all traffic is limited'] : [];
    return {
      fault: 'bandwidth',
      settings: { kbit: String(kbitOf(bandwidth.rate)), direction: way },
      lost: [...both, ...filtered],
    };
  }
  throw new OrdealError('USAGE', `${name}: the action ${action} has no counterpart here, or lacks its own settings`);
}

function delaySettings({ latency, jitter }: NonNullable<Spec['delay']>): Record<string, string> {
  const spread = jitter === undefined ? 0 : msOf(jitter);
  return { ms: String(msOf(latency)), ...(spread > 0 && { jitterMs: String(spread) }) };
}

function correlated(spec: Spec, action: string): string[] {
  const own: unknown = spec[action];
  const value = z.looseObject({ correlation: z.string() }).safeParse(own).data?.correlation ?? '0';
  const reorders = z.looseObject({ reorder: z.unknown() }).safeParse(own).data?.reorder !== undefined;
  return [
    ...(Number(value) === 0 || isUncorrelated(spec, action)
      ? []
      : [`correlation ${value}: each packet is drawn on its own`]),
    ...(reorders ? ['reorder inside delay: a fault of its own here'] : []),
  ];
}

/** A delay that is always the same has nothing that could be alike. */
function isUncorrelated({ delay }: Spec, action: string): boolean {
  return action === 'delay' && (delay?.jitter === undefined || msOf(delay.jitter) === 0);
}

/** As Go writes durations. @throws OrdealError USAGE for other text. */
function msOf(text: string): number {
  const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };
  const [, value = '', unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? (text === '0' ? [text, '0', 'ms'] : []);
  const ms = Number(value) * (unitMs[unit] ?? Number.NaN);
  if (Number.isNaN(ms) || unit === '') throw new OrdealError('USAGE', `"${text}" is no duration`);
  return ms;
}

/** As tc writes rates: `bit` units are bits, `bps` units are bytes a second. */
function kbitOf(rate: string): number {
  const [, value = '', scale = '', unit = ''] = /^([\d.]+)(k|m|g|t)?(bit|bps)$/i.exec(rate) ?? [];
  if (unit === '') throw new OrdealError('USAGE', `"${rate}" is no rate`);
  const power = { '': -1, k: 0, m: 1, g: 2, t: 3 }[scale.toLowerCase()] ?? 0;
  return Number(value) * 1_000 ** power * (unit.toLowerCase() === 'bps' ? 8 : 1);
}

function podChaos({ action, gracePeriod }: Spec, name: string): Translated {
  if (action !== 'pod-kill') throw new OrdealError('USAGE', `${name}: the action ${action} has no counterpart here`);
  return { fault: 'pod-kill', settings: gracePeriod === undefined ? {} : { graceSeconds: String(gracePeriod) } };
}

function dnsChaos({ action, patterns }: Spec, name: string): Translated {
  if (action !== 'error') throw new OrdealError('USAGE', `${name}: the action ${action} has no counterpart here`);
  const usable = (patterns ?? ['*']).filter((one) => /^(\*|(\*\.)?[\w-]+(\.[\w-]+)*)$/.test(one));
  const lost = (patterns ?? []).filter((one) => !usable.includes(one));
  if (usable.length === 0)
    throw new OrdealError('USAGE', `${name}: none of its patterns can be expressed: ${lost.join(', ')}`);
  return {
    fault: 'dns',
    settings: { answer: 'SERVFAIL', names: usable.join(',') },
    lost: lost.map((one) => `pattern ${one}: names are whole, or *.SUFFIX`),
  };
}

/** Fields that no fault of ours has; `duration` of a kill means nothing there either. */
function lostOfAll(spec: Spec, fault: string): string[] {
  const { selector, mode, target } = spec;
  const others = Object.keys(selector).filter((key) => !known.includes(key));
  const peered =
    target === undefined || (fault !== 'bandwidth' && isWhole(target) && spec.externalTargets === undefined);
  return [
    ...(mode === 'all' || pickOf(spec) !== 'all' ? [] : [`mode ${mode}: all pods that match are hit`]),
    ...others.map((key) => `selector.${key}: pods are chosen by namespace and labels`),
    ...(peered ? [] : ['target: only all pods of one namespace, by labels, can be the other end']),
    ...('scheduler' in spec ? ['scheduler: a fault is injected once'] : []),
    ...('device' in spec ? ["device: it is the pod's own"] : []),
  ];
}
