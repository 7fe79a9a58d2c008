import { OrdealError } from '../base/errors.ts';
import { paramsSchema, readSettings } from '../chaos/settings.ts';
import type { AnyDriver } from '../chaos/run-fault.ts';
import { drivers } from '../fault/drivers/index.ts';

/** What a fault acts on where a run chooses: its own pods, a node of theirs, or a part of the cluster's network. */
export const aims = ['pods', 'node', 'nodes', 'coredns', 'cni-agent'] as const;
export type Aim = (typeof aims)[number];

/** A fault as `--during` names it. */
export interface DuringFault {
  /** As it was written: what reports call it. */
  readonly text: string;
  readonly driver: AnyDriver;
  readonly aim: Aim;
  readonly settings: Readonly<Record<string, unknown>>;
}

interface Usual {
  /** The setting that stands alone: `loss:10%`. */
  readonly main?: string;
  /** Settings where nothing is said. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What it may act on, the usual first. */
  readonly aims: readonly [Aim, ...Aim[]];
}

const ofPods: readonly [Aim, ...Aim[]] = ['pods', 'coredns'];

/** The faults that can be held while tables are measured. What takes the way to Ordeal's own pods is none. */
const held: Readonly<Record<string, Usual>> = {
  loss: { main: 'percent', settings: { percent: 10 }, aims: ofPods },
  delay: { main: 'ms', settings: { ms: 100 }, aims: ofPods },
  reorder: { main: 'percent', settings: { percent: 10 }, aims: ofPods },
  duplicate: { main: 'percent', settings: { percent: 10 }, aims: ofPods },
  corrupt: { main: 'percent', settings: { percent: 10 }, aims: ofPods },
  bandwidth: { main: 'kbit', settings: { kbit: 2_000 }, aims: ofPods },
  'mtu-hole': { main: 'bytes', settings: { bytes: 1_000 }, aims: ofPods },
  isolate: { main: 'connections', aims: ofPods },
  reject: { main: 'answer', aims: ['pods'] },
  dns: { main: 'answer', settings: { answer: 'SERVFAIL' }, aims: ['pods'] },
  partition: { main: 'direction', settings: { direction: 'both' }, aims: ['nodes'] },
  'component-pause': { main: 'component', settings: { component: 'cni-agent' }, aims: ['node'] },
  'pod-kill': { main: 'graceSeconds', aims: ['coredns', 'cni-agent'] },
  scale: { main: 'replicas', settings: { replicas: 1 }, aims: ['coredns'] },
  taint: { main: 'effect', aims: ['node'] },
};

/** What `--during standard` holds one after the other: every kind, and the parts of the network's own control plane. */
export const standardFaults: readonly string[] = [
  ...['loss:10%', 'loss:20%;mode=bursts', 'delay:100ms', 'delay:50ms;jitterMs=40', 'reorder:10%', 'duplicate:10%'],
  ...['corrupt:10%', 'bandwidth:2000kbit', 'mtu-hole:1000', 'isolate', 'isolate:new', 'reject'],
  ...['dns:SERVFAIL', 'dns:drop', 'partition', 'partition:one-way'],
  ...['component-pause:cni-agent', 'component-pause:kube-proxy', 'taint'],
  ...['pod-kill@cni-agent', 'pod-kill@coredns', 'scale@coredns:1'],
];

const form = 'NAME[@WHAT][:VALUE][;NAME=VALUE...], such as loss:10%, pod-kill@coredns, delay:50ms;jitterMs=40';

/**
 * Returns the faults of `--during`; `standard` stands for `standardFaults`. Each text once.
 * @throws OrdealError USAGE naming the text and what is accepted in its place.
 */
export function parseDuring(texts: readonly string[]): DuringFault[] {
  const all = texts.flatMap((text) => (text === 'standard' ? standardFaults : [text]));
  return [...new Set(all)].map(parseFault);
}

function parseFault(text: string): DuringFault {
  const [, name = '', what, said = ''] = /^([a-z-]+)(?:@([a-z-]+))?(?::(.+))?$/.exec(text) ?? [];
  const usual = held[name];
  const driver = drivers.find((one) => one.name === name);
  if (name === '') throw new OrdealError('USAGE', `--during ${text}: write ${form}`);
  if (usual === undefined || driver === undefined) {
    throw new OrdealError('USAGE', `--during ${text}: there is no fault ${name} to hold during a run`, {
      remedy: `There are ${Object.keys(held).join(', ')}; \`standard\` is a choice of them.`,
    });
  }
  const aim = what === undefined ? usual.aims[0] : usual.aims.find((one) => one === what);
  if (aim === undefined) {
    throw new OrdealError('USAGE', `--during ${text}: ${name} acts on ${usual.aims.join(' or ')}, not on ${what}`);
  }
  const any = driver as AnyDriver;
  return { text, driver: any, aim, settings: { ...usual.settings, ...settingsOf(any, text, said, usual.main) } };
}

function settingsOf(driver: AnyDriver, text: string, said: string, main: string | undefined) {
  const flags = said.split(';').flatMap((part) => (part === '' ? [] : [part.includes('=') ? part : `${main}=${part}`]));
  const plain = flags.map((flag) => flag.replace(/^([^=]+=[\d.]+)(%|ms|kbit|bytes)$/, '$1'));
  try {
    return checked(driver, readSettings(plain, paramsSchema(driver.params)));
  } catch (cause) {
    if (!(cause instanceof OrdealError)) throw cause;
    throw new OrdealError('USAGE', `--during ${text}: ${cause.message.replace(/^--set /, '')}`, { cause });
  }
}

/** What can be said of values before the cluster is known: each alone, as the driver's own schema has it. */
function checked(driver: AnyDriver, settings: Record<string, unknown>): Record<string, unknown> {
  const parsed = driver.params.safeParse(settings);
  const issue = parsed.error?.issues.find(({ path: [field] }) => field !== undefined && String(field) in settings);
  if (issue === undefined) return settings;
  throw new OrdealError('USAGE', `${issue.path.join('.')}: ${issue.message}`);
}
