import { z } from 'zod';
import { InconclusiveError, OrdealError } from '../../base/errors.ts';
import { runOnNode } from '../../node/run.ts';
import type { NodeExec } from '../../node/types.ts';
import type { FaultDriver, FaultTarget } from '../driver.ts';
import { atEach } from '../pod/effects.ts';
import { namesOf } from '../pod/plan.ts';
import { programOnNode, queueAct } from '../pod/queue.ts';
import { findVictims, nodeAccess, Pods, type Victim } from '../pod/victims.ts';

/** Codes of RFC 1035, section 4.1.1. */
const rcodes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
const Pattern = z
  .string()
  .regex(/^(\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*)$/i, 'a name without its last dot, *.SUFFIX, or *');
const Params = z
  .strictObject({
    pods: Pods,
    answer: z.enum(['NXDOMAIN', 'SERVFAIL', 'REFUSED', 'delay', 'drop']).describe('what becomes of answers'),
    ms: z.number().positive().max(30_000).optional().describe('with delay: how much later they come'),
    names: z.array(Pattern).min(1).default(['*']).describe('the names whose answers it is about'),
    transports: z
      .array(z.enum(['udp', 'tcp']))
      .min(1)
      .default(['udp', 'tcp']),
    probeName: z.string().optional().describe('a name that exists, by which the effect is seen'),
  })
  .refine(({ answer, ms }) => (answer === 'delay') === (ms !== undefined), {
    path: ['ms'],
    message: 'goes with answer: delay, and with nothing else',
  })
  .refine(({ transports }) => transports.includes('udp'), {
    path: ['transports'],
    message: 'must include udp, over which the effect is seen',
  });
type Params = z.infer<typeof Params>;

/**
 * Bends, delays or loses the DNS answers that arrive at pods, by name: a program on a queue reads what comes from port 53,
 * whatever server it is from, so nothing is redirected and no cache of a node hides it.
 */
export const dns: FaultDriver<Params> = {
  name: 'dns',
  summary: 'bends, delays or loses the DNS answers of pods, by name',
  targets: 'pods',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { answer, ms, names, transports } = params;
    const exec = nodeAccess(target, 'dns');
    const victims = await findVictims(target, 'dns', params.pods);
    const asked = { server: await dnsAddress(target), name: probeName(params) };
    const queued = {
      filter: { direction: 'ingress' as const },
      words: [`names='${names.join(',')}'`, wordOf(answer, ms)],
      match: transports.map((transport) => `-p ${transport} --sport 53`),
    };
    const what = { delay: `come ${ms ?? 0} ms later`, drop: 'are lost' } as const;
    const said = answer === 'delay' || answer === 'drop' ? what[answer] : `say ${answer}`;
    return {
      title: `DNS answers (${names.join(', ')}) at ${namesOf(victims)} ${said}`,
      way: 'NFQUEUE program',
      acts: (id) => victims.map((victim, index) => queueAct(id, index, victim, queued)),
      effect: atEach(victims, (victim) => look(exec, victim, { ...asked, answer, ms })),
    };
  },
};

function wordOf(answer: Params['answer'], ms = 0): string {
  if (answer === 'delay') return `delay=${ms}`;
  return answer === 'drop' ? 'drop=1' : `rcode=${rcodes[answer]}`;
}

const Service = z.looseObject({ spec: z.looseObject({ clusterIP: z.string() }) });

/** @throws OrdealError FAULT for a cluster without the Service that kubeadm calls kube-dns. */
async function dnsAddress({ kube }: FaultTarget): Promise<string> {
  const found = await kube.get({ apiVersion: 'v1', kind: 'Service', namespace: 'kube-system', name: 'kube-dns' });
  if (found !== undefined) return Service.parse(found).spec.clusterIP;
  throw new OrdealError('FAULT', 'the fault dns: there is no Service kube-system/kube-dns to ask');
}

const everybodysName = 'kubernetes.default.svc.cluster.local';

/** @throws OrdealError USAGE when no name is known that exists and is among those of the fault. */
function probeName({ names, probeName: given }: Params): string {
  const plain = names.find((name) => !name.includes('*'));
  const name = given ?? (matches(names, everybodysName) ? everybodysName : plain);
  if (name !== undefined && matches(names, name)) return name;
  throw new OrdealError(
    'USAGE',
    'parameters of the fault dns: probeName: give a name that exists and that names match',
  );
}

function matches(names: readonly string[], name: string): boolean {
  return names.some((one) => one === '*' || one === name || (one.startsWith('*.') && name.endsWith(one.slice(1))));
}

interface Question {
  readonly server: string;
  readonly name: string;
  readonly answer: Params['answer'];
  readonly ms: number | undefined;
}

const usualMs = 1_500;

async function look(exec: NodeExec, { node, netns, namespace, name: pod }: Victim, question: Question) {
  const { server, name, answer, ms = 0 } = question;
  const argv = ['nsenter', `--net=${netns}`, 'perl', '-', server, name, String(usualMs + ms)];
  const said = (await runOnNode(exec, node, 'ask DNS', argv, programOnNode('dns-ask.pl'))).trim();
  const [rcode = '', took = ''] = said.split(' ');
  const [code] = Object.entries(rcodes).find(([, value]) => String(value) === rcode) ?? [rcode];
  const seen = `pod ${namespace}/${pod} asks ${server} for ${name}: ${rcode === 'none' ? 'no answer' : rcode === '0' ? 'NOERROR' : code} after ${took} ms`;
  if (answer === 'drop') return { present: rcode === 'none', seen };
  if (rcode === 'none') throw new InconclusiveError(seen);
  if (answer !== 'delay') return { present: code === answer, seen };
  const estimate = { metric: 'delay', value: Number(took), low: Number(took), high: Number(took), unit: 'ms' } as const;
  return { present: Number(took) >= ms, seen, estimate };
}
