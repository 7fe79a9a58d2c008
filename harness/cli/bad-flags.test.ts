import { expect } from 'chai';
import { Command } from 'commander';
import { OrdealError } from '../base/errors.ts';
import { registerList } from './list.ts';
import { registerMatrix } from './matrix.ts';
import { parseRunOptions } from './run-options.ts';

/** Flags of `ordeal run`, and what is said of them. */
const bad: readonly (readonly [object, RegExp])[] = [
  [{ cni: 'weave' }, /^unusable flags: --cni: one of .*calico.* is expected$/],
  [{ cni: '' }, /--cni: one of/],
  [{ mesh: 'consul' }, /--mesh: one of none, istio.* is expected/],
  [{ workers: '9' }, /--workers: at most 5 is expected/],
  [{ workers: '-1' }, /--workers: at least 0 is expected/],
  [{ workers: 'two' }, /--workers: a number is expected/],
  [{ workers: '1.5' }, /--workers: a whole number is expected/],
  [{ zones: '0' }, /--zones: at least 1 is expected/],
  [{ images: 'mirror' }, /--images: one of auto, registry, source is expected/],
  [{ registry: 'https://a b' }, /--registry: HOST/],
  [{ registry: 'r.local', images: 'source' }, /--registry contradicts --images source/],
  [{ name: 'Not OK' }, /--name: lower-case/],
  [{ area: ['dsn'] }, /--area: one of dns, services, .* is expected/],
  [{ tier: ['hard'] }, /--tier: one of core, extended is expected/],
  [{ all: true, tier: ['core'] }, /--all does not apply: --tier says which/],
  [{ shard: '3' }, /--shard: I\/N is expected/],
  [{ shard: '0/2' }, /--shard: I\/N is expected/],
  [{ shard: '3/2' }, /--shard: I of I\/N is 1 to N/],
  [{ require: ['Wings'] }, /--require: one of .*MultiNode.* is expected/],
  [{ allowDisruption: ['network'] }, /--allow-disruption: one of dns, mesh, cni, nodes, .*load-balancer.* is expected/],
  [{ reporter: 'nyan' }, /--reporter: one of spec/],
  [{ concurrency: '99' }, /--concurrency: at most 32 is expected/],
  [{ worlds: '3' }, /--worlds: is now called --concurrency/],
  [{ collectLogs: 'all' }, /--collect-logs: one of none, own, system is expected/],
  [{ quiet: true, verbose: true }, /--quiet contradicts --verbose/],
  [{ context: 'x' }, /--context does not apply: it needs --kubeconfig/],
  [{ agentImage: 'x' }, /--agent-image does not apply: it needs --kubeconfig/],
  [{ yes: true }, /--yes does not apply: it needs --kubeconfig/],
  [{ install: false }, /--no-install does not apply: it needs --fix/],
  [{ reuse: true }, /--reuse needs --name/],
  [{ reuse: true, name: 'a', workers: '3' }, /--workers does not apply: --reuse takes the cluster as it is/],
  [{ reuse: true, name: 'a', cni: 'cilium', mesh: 'istio' }, /--cni does not apply: --reuse.*--mesh does not apply/],
  [{ kubeconfig: 'f', cni: 'calico' }, /--cni does not apply: --kubeconfig takes the cluster as it is/],
  [{ kubeconfig: 'f', mesh: 'istio', keep: true }, /--mesh does not apply: .*; --keep does not apply/],
  [{ kubeconfig: 'f', dualStack: true }, /--dual-stack does not apply/],
  [{ kubeconfig: 'f', name: 'a', reuse: true }, /--name does not apply.*--reuse does not apply/],
  [{ wings: true }, /there is no wings/],
];

describe('flags of a run that cannot be meant', () => {
  for (const [flags, said] of bad) {
    it(`are refused in words: ${JSON.stringify(flags)}`, () => {
      const refuse = () => parseRunOptions({ include: [], exclude: [], install: true, ...flags });
      expect(refuse).throw(OrdealError, said).with.property('code', 'USAGE');
      expect(refuse).not.throw(/Invalid|received|NaN|Too (big|small)/);
    });
  }
});

describe('flags of a list that cannot be meant', () => {
  for (const [argv, said] of [
    [['--area', 'dsn'], /--area: one of/],
    [['--include', 'dsn-*'], /no case matches "dsn-\*"/],
    [['--json', '--markdown'], /--json contradicts --markdown/],
    [['--last-failed', '/nonexistent'], /reading the run log \/nonexistent failed/],
  ] as const) {
    it(`are refused: ${argv.join(' ')}`, async () => {
      const program = new Command().exitOverride();
      registerList(program);
      const error: unknown = await program
        .parseAsync(['list', ...argv], { from: 'user' })
        .catch((caught: unknown) => caught);
      expect(error).instanceOf(OrdealError).property('message').match(said);
    });
  }
});

describe('flags of a matrix that cannot be meant', () => {
  for (const [argv, said] of [
    [['--files', '.', '--out', 'x'], /--out does not apply: it needs --measure/],
    [['--files', '.', '--context', 'x'], /--context does not apply: it needs --kubeconfig/],
    [['--kubeconfig', 'x', '--strict'], /--strict does not apply: it needs --files/],
  ] as const) {
    it(`are refused: ${argv.join(' ')}`, async () => {
      const program = new Command().exitOverride();
      registerMatrix(program);
      const error: unknown = await program
        .parseAsync(['matrix', ...argv], { from: 'user' })
        .catch((caught: unknown) => caught);
      expect(error).instanceOf(OrdealError).property('message').match(said);
    });
  }
});
