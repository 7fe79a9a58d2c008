import type { NetworkPolicy } from '../kube/network-policy.ts';
import { gridProbe, type TablePort, tablePorts } from './grid-layout.ts';
import { truthTable } from '../oracle/judge.ts';
import type { Attempt, Cell } from '../oracle/types.ts';
import type { Probe, ProbeResult } from '../probe/types.ts';
import { fulfils } from '../table/fulfils.ts';
import type { GridState, TrackedPod } from './state.ts';
import type { Route } from './types.ts';

/** One cell to be measured: who probes, what the oracle is asked, and where the packet goes. */
interface Question {
  readonly from: TrackedPod;
  readonly to: TrackedPod;
  readonly attempt: Attempt;
  readonly host: string;
  readonly via: 'pod' | 'service';
}

interface TableOptions {
  readonly ports?: readonly TablePort[];
  /** Policies as if they were applied already. */
  readonly coming?: readonly NetworkPolicy[];
  /** Whether pods are asked through their Services too. */
  readonly services?: boolean;
}

export interface MeasuredCell {
  readonly key: string;
  readonly from: string;
  /** `y/b` or, through its Service, `svc y/b`. */
  readonly to: string;
  readonly route: 'pod' | 'service';
  readonly port: number;
  readonly protocol: string;
  readonly expected: Cell;
  readonly measured: ProbeResult;
}

/** One table: who is asked, and what the oracle expects of the state as it was when the table was made. */
export class PolicyTable {
  private readonly state: GridState;
  private readonly questions: readonly Question[];
  private readonly expected: readonly Cell[];

  /** Pod x pod x port x protocol, by pod IP and by Service IP. */
  constructor(state: GridState, { ports = tablePorts, coming = [], services = true }: TableOptions = {}) {
    this.state = state;
    this.questions = questionsOf(state, ports).filter(({ via }) => services || via === 'pod');
    const attempts = this.questions.map((one) => one.attempt);
    this.expected = truthTable(state.world(coming), attempts).cells;
  }

  /** Verdicts the specification settles, by cell. */
  verdicts(): ReadonlyMap<string, string> {
    const told = this.questions.map((one, index) => [cellKey(one), this.expected[index]] as const);
    return new Map(told.flatMap(([key, cell]) => (cell?.disputed === undefined ? [[key, cell?.verdict ?? '']] : [])));
  }

  /** The pods whose isolation keeps a packet from passing, by cell; cells that are open are absent. */
  deniers(): ReadonlyMap<string, readonly TrackedPod[]> {
    const told = this.questions.map((one, index) => [cellKey(one), deniersOf(one, this.expected[index])] as const);
    return new Map(told.filter(([, pods]) => pods.length > 0));
  }

  /** The names of all cells, in order. */
  keys(): readonly string[] {
    return this.questions.map(cellKey);
  }

  /**
   * Measures the cells with these keys, or those of one way to their destination, one round trip a source, by probes of
   * tables or such as `probeFor` makes.
   */
  async measure(
    timeoutMs: number,
    which: ReadonlySet<string> | Route,
    probeFor: typeof gridProbe = gridProbe,
  ): Promise<MeasuredCell[]> {
    const asked = this.questions
      .map((question, index) => ({ question, expected: this.expected[index] }))
      .filter(({ question }) => isAsked(question, which))
      .map(({ question, expected }) => ({ question: which === 'name' ? byName(question) : question, expected }));
    const answers = await probeAll(
      this.state,
      asked.map(({ question }) => question),
      (host, port, protocol) => probeFor(host, port, protocol, timeoutMs),
    );
    return asked.map(({ question, expected }) => {
      const measured = answers.get(question);
      if (expected === undefined || measured === undefined) throw new Error('a cell was neither judged nor measured');
      const { port, protocol } = question.attempt;
      return {
        key: cellKey(question),
        from: keyOf(question.from),
        to: targetOf(question),
        route: question.via,
        port,
        protocol,
        expected,
        measured,
      };
    });
  }
}

function isAsked(question: Question, which: ReadonlySet<string> | Route): boolean {
  if (typeof which !== 'string') return which.has(cellKey(question));
  return which === 'pod' ? question.via === 'pod' : question.via === 'service';
}

function byName(question: Question): Question {
  return { ...question, host: `${question.to.service?.name ?? ''}.svc.cluster.local.` };
}

/** Cells that speak against the oracle; those the specification leaves open are shown but never judged. */
export function disagreements(cells: readonly MeasuredCell[]): MeasuredCell[] {
  return cells.filter(
    ({ expected, measured }) => expected.disputed === undefined && !fulfils(expected, measured.verdict),
  );
}

function deniersOf({ from, to }: Question, cell: Cell | undefined): TrackedPod[] {
  const { egress, ingress } = cell?.reason ?? {};
  return [...(egress?.admitted === false ? [from] : []), ...(ingress?.admitted === false ? [to] : [])];
}

function questionsOf(state: GridState, ports: readonly TablePort[]): Question[] {
  const pairs = state.pods.flatMap((from) => state.pods.map((to) => ({ from, to })));
  return pairs.flatMap(({ from, to }) =>
    ports.flatMap(({ port, protocol }) => questionsOfPort(from, to, port, protocol)),
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

type ProbeOf = (host: string, port: number, protocol: Question['attempt']['protocol']) => Probe;

async function probeAll(state: GridState, questions: readonly Question[], probeOf: ProbeOf) {
  const answers = new Map<Question, ProbeResult>();
  await Promise.all(
    state.pods.map(async (source) => {
      const row = questions.filter((one) => one.from === source);
      if (row.length === 0) return;
      const results = await source.agent.probe(
        row.map(({ host, attempt }) => probeOf(host, attempt.port, attempt.protocol)),
      );
      row.forEach((question, index) => {
        const result = results[index];
        if (result !== undefined) answers.set(question, result);
      });
    }),
  );
  return answers;
}

function targetOf({ to, via }: Question): string {
  return via === 'service' ? `svc ${keyOf(to)}` : keyOf(to);
}

function cellKey(question: Question): string {
  const { port, protocol } = question.attempt;
  return `${keyOf(question.from)} ${targetOf(question)} ${protocol} ${port}`;
}

function keyOf(pod: TrackedPod): string {
  return `${pod.namespaceKey}/${pod.name}`;
}
