import type { ExecResult } from '../kube/types.ts';
import type { NodeExec } from './types.ts';

export interface Call {
  readonly node: string;
  readonly argv: readonly string[];
  readonly stdin: string | undefined;
}

/**
 * A node for tests: keeps every call and answers from the first rule whose pattern matches `<node> <command line>`. Without
 * a rule a command succeeds and says nothing.
 */
export class FakeNode {
  readonly calls: Call[] = [];
  private readonly rules: { pattern: RegExp; answer: Partial<ExecResult> }[] = [];

  answer(pattern: RegExp, answer: Partial<ExecResult>): this {
    this.rules.unshift({ pattern, answer });
    return this;
  }

  readonly exec: NodeExec = (node, argv, options = {}) => {
    this.calls.push({ node, argv, stdin: options.stdin });
    const line = [node, ...argv].join(' ');
    const rule = this.rules.find(({ pattern }) => pattern.test(line));
    return Promise.resolve({ code: 0, stdout: '', stderr: '', ...rule?.answer });
  };

  /** Positions of the calls on `node` whose command line matches. */
  positions(node: string, pattern: RegExp): number[] {
    return this.calls.flatMap((call, index) =>
      call.node === node && pattern.test(call.argv.join(' ')) ? [index] : [],
    );
  }
}
