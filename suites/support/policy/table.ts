import { truthTable } from '../../../harness/oracle/judge.ts';
import type { Attempt, Cell } from '../../../harness/oracle/types.ts';
import type { Probe, ProbeResult } from '../../../harness/probe/types.ts';
import type { GridState, TrackedPod } from './state.ts';

const numbers = [80, 81];
const protocols = ['TCP', 'UDP'] as const;

/** One cell to be measured: who probes, what the oracle is asked, and where the packet goes. */
interface Question {
  readonly from: TrackedPod;
  readonly to: TrackedPod;
  readonly attempt: Attempt;
  readonly host: string;
  readonly via: 'pod' | 'service';
}

export interface MeasuredCell {
  readonly from: string;
  /** `y/b` or, through its Service, `svc y/b`. */
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
  readonly expected: Cell;
  readonly measured: ProbeResult;
}

/**
 * Measures pod x pod x port x protocol, by pod IP and by Service IP, one round trip a source. Returns every cell beside
 * what the oracle expects of the state as it is now.
 */
export async function measureTable(state: GridState, timeoutMs: number): Promise<MeasuredCell[]> {
  const questions = questionsOf(state);
  const { cells } = truthTable(
    state.world(),
    questions.map((one) => one.attempt),
  );
  const answers = await probeAll(state, questions, timeoutMs);
  return questions.map((question, index) => {
    const expected = cells[index];
    const measured = answers.get(question);
    if (expected === undefined || measured === undefined) throw new Error('a cell was neither judged nor measured');
    const { port, protocol } = question.attempt;
    const prefix = question.via === 'service' ? 'svc ' : '';
    return { from: keyOf(question.from), to: `${prefix}${keyOf(question.to)}`, port, protocol, expected, measured };
  });
}

/** Cells that speak against the oracle; those the specification leaves open are shown but never judged. */
export function disagreements(cells: readonly MeasuredCell[]): MeasuredCell[] {
  return cells.filter(
    ({ expected, measured }) => expected.disputed === undefined && expected.verdict !== measured.verdict,
  );
}

function questionsOf(state: GridState): Question[] {
  const pairs = state.pods.flatMap((from) => state.pods.map((to) => ({ from, to })));
  return pairs.flatMap(({ from, to }) =>
    numbers.flatMap((port) => protocols.flatMap((protocol) => questionsOfPort(from, to, port, protocol))),
  );
}

function questionsOfPort(from: TrackedPod, to: TrackedPod, port: number, protocol: 'TCP' | 'UDP'): Question[] {
  const source = { kind: 'pod', namespace: from.agent.namespace, name: from.agent.name } as const;
  const pod = { kind: 'pod', namespace: to.agent.namespace, name: to.agent.name } as const;
  const direct: Question = {
    from,
    to,
    via: 'pod',
    host: to.agent.ip,
    attempt: { from: source, to: pod, port, protocol },
  };
  if (to.service === undefined) return [direct];
  const [name = ''] = to.service.name.split('.');
  const service = { kind: 'service', namespace: to.agent.namespace, name } as const;
  return [
    direct,
    { ...direct, via: 'service', host: to.service.ip, attempt: { from: source, to: service, port, protocol } },
  ];
}

async function probeAll(state: GridState, questions: readonly Question[], timeoutMs: number) {
  const answers = new Map<Question, ProbeResult>();
  await Promise.all(
    state.pods.map(async (source) => {
      const row = questions.filter((one) => one.from === source);
      const results = await source.agent.probe(row.map((one) => probeOf(one, timeoutMs)));
      row.forEach((question, index) => {
        const result = results[index];
        if (result !== undefined) answers.set(question, result);
      });
    }),
  );
  return answers;
}

/** Policies decide on the handshake, which the kernel answers: a starved server process cannot look like a drop. */
function probeOf({ host, attempt }: Question, timeoutMs: number): Probe {
  const reach = { host, port: attempt.port, timeoutMs };
  return attempt.protocol === 'UDP' ? { kind: 'udp', ...reach } : { kind: 'tcp', connectOnly: true, ...reach };
}

function keyOf(pod: TrackedPod): string {
  return `${pod.namespaceKey}/${pod.name}`;
}
