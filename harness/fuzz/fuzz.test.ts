import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { podRef } from '../oracle/all-pairs.ts';
import { gridModel } from '../oracle/grid-model.test-support.ts';
import type { Verdict } from '../probe/types.ts';
import { caseOf, loadCase, policiesFor, saveCase } from './case-file.ts';
import { fakeCluster, forgetsEndPort, forgetsExceptions, readsUnlistedSections } from './fake-cluster.test-support.ts';
import { compareWorld, fuzzNetworkPolicy, vocabularyOf, type Counterexample } from './fuzz.ts';
import type { Measure } from './types.ts';

describe('fuzz: networkpolicy', function () {
  this.timeout(60_000);
  const base = gridModel();
  const conformant = fakeCluster((policy) => policy);
  const broken = async (measure: Measure): Promise<Counterexample> => {
    const { counterexample } = await fuzzNetworkPolicy({ base, measure, seed: 7, worlds: 200 });
    if (counterexample === undefined) throw new Error('the seeded bug was not found in 200 worlds');
    return counterexample;
  };

  it('finds nothing on a conformant cluster, in every world asked for', async () => {
    const outcome = await fuzzNetworkPolicy({ base, measure: conformant, seed: 1, worlds: 25 });
    expect(outcome).to.deep.equal({ worlds: 25, cells: 25 * 2 * 9 * 9 * 4, inconclusive: 0, mute: [], unstable: [] });
  });

  it('finds forgotten exceptions and shrinks to one policy with one rule, one block, one exception', async () => {
    const { policies, drawn, comparison } = await broken(fakeCluster(forgetsExceptions));
    expect(policies).to.have.length(1);
    expect(JSON.stringify(policies).length).to.be.lessThan(JSON.stringify(drawn).length);
    const { ingress = [], egress = [], podSelector } = policies[0]?.spec ?? {};
    expect(podSelector).to.deep.equal({});
    expect([...ingress, ...egress]).to.have.length(1);
    const peers = [...ingress.flatMap((it) => it.from ?? []), ...egress.flatMap((it) => it.to ?? [])];
    expect(peers).to.have.length(1);
    expect(peers[0]?.ipBlock?.except).to.have.length(1);
    expect(comparison.differing.every((it) => it.cell.verdict === 'dropped' && it.measured === 'open')).to.equal(true);
  });

  it('finds a misread port range', async () => {
    const { policies } = await broken(fakeCluster(forgetsEndPort));
    const [policy] = policies;
    const ports = [...(policy?.spec.ingress ?? []), ...(policy?.spec.egress ?? [])].flatMap((it) => it.ports ?? []);
    expect(policies).to.have.length(1);
    expect(ports.some((port) => port.endPort !== undefined)).to.equal(true);
  });

  it('finds rules enforced in a direction that policyTypes leave out, unless told to leave those out', async () => {
    const measure = fakeCluster(readsUnlistedSections);
    const { policies } = await broken(measure);
    expect(policies).to.have.length(1);
    expect(policies[0]?.spec.policyTypes).to.have.length(1);
    const without = ['unlisted-section'] as const;
    const outcome = await fuzzNetworkPolicy({ base, measure, seed: 7, worlds: 200, without });
    expect(outcome).to.not.have.property('counterexample');
  });

  it('draws the same worlds from the same seed, others from another', async () => {
    const drawn = async (seed: number) => {
      const seen: string[] = [];
      const measure: Measure = (world, ...rest) => {
        seen.push(JSON.stringify(world.networkPolicies));
        return conformant(world, ...rest);
      };
      await fuzzNetworkPolicy({ base, measure, seed, worlds: 10 });
      return seen;
    };
    expect(await drawn(3)).to.deep.equal(await drawn(3));
    expect(await drawn(3)).to.not.deep.equal(await drawn(4));
  });

  it('calls a world unstable that agrees when measured again, and counts what the tool could not tell', async () => {
    let calls = 0;
    const flaky: Measure = async (world, attempts, options) => {
      calls += 1;
      const verdicts: Verdict[] = [...(await conformant(world, attempts, options))];
      const at = attempts.findIndex(({ from, to }) => !isDeepStrictEqual(from, to));
      const other = verdicts[at] === 'open' ? 'dropped' : 'open';
      return calls === 1 ? verdicts.with(at, other) : calls === 3 ? verdicts.with(at, 'inconclusive') : verdicts;
    };
    const outcome = await fuzzNetworkPolicy({ base, measure: flaky, seed: 1, worlds: 2 });
    expect(outcome)
      .to.deep.include({ unstable: [1], inconclusive: 1 })
      .and.to.not.have.property('counterexample');
  });

  it('takes a pod that does not answer even itself for a broken one, not for a counterexample', async () => {
    const first = podRef('x/a');
    const mute: Measure = async (world, attempts, options) => {
      const verdicts = await conformant(world, attempts, options);
      const isOfFirst = (at: number) =>
        [attempts[at]?.from, attempts[at]?.to].some((end) => isDeepStrictEqual(end, first));
      return verdicts.map((verdict, at) => (isOfFirst(at) ? 'dropped' : verdict));
    };
    const outcome = await fuzzNetworkPolicy({ base, measure: mute, seed: 1, worlds: 3 });
    expect(outcome)
      .to.deep.include({ mute: ['x/a'], unstable: [] })
      .and.to.not.have.property('counterexample');
    expect(outcome.inconclusive).to.be.greaterThan(3 * 4);
  });

  it('leaves out what a CNI is known not to have', async () => {
    const words = vocabularyOf(base, ['ipblock', 'named-port', 'udp']);
    expect(words).to.deep.include({ cidrs: [], portNames: [], protocols: ['TCP'] });
    const measure = fakeCluster(forgetsExceptions);
    const outcome = await fuzzNetworkPolicy({ base, measure, seed: 7, worlds: 40, without: ['ipblock', 'named-port'] });
    expect(outcome).to.not.have.property('counterexample');
  });

  it('stops when asked to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const error: unknown = await fuzzNetworkPolicy({ base, measure: conformant, seed: 1, worlds: 5, signal }).catch(
      (it: unknown) => it,
    );
    expect(error).to.have.property('message', 'enough');
  });

  describe('a saved case', () => {
    let directory = '';
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'ordeal-fuzz-'));
    });
    after(() => rm(directory, { recursive: true }));

    it('replays on the same cluster, and on one with other addresses', async () => {
      const counterexample = await broken(fakeCluster(forgetsExceptions));
      const file = join(directory, 'deep', 'case.yaml');
      await saveCase(file, caseOf(counterexample, base, 7));
      const saved = await loadCase(file);
      expect(saved.spec.policies).to.deep.equal(counterexample.policies);
      expect(saved.spec.disagreements).to.not.be.empty;
      const elsewhere = {
        ...base,
        pods: base.pods.map((pod) => ({ ...pod, ips: pod.ips.map((ip) => ip.replace('10.244.', '10.99.')) })),
      };
      const measure = fakeCluster(forgetsExceptions);
      for (const there of [base, elsewhere]) {
        const compared = await compareWorld({ base: there, measure }, policiesFor(there, saved), 'search');
        expect(compared.differing).to.have.length(saved.spec.disagreements.length);
      }
    });

    it('is refused with file and field when it is not one', async () => {
      const file = join(directory, 'wrong.yaml');
      await writeFile(file, 'kind: FuzzCase\napiVersion: ordeal.dev/v1\nmetadata: {name: a}\nspec: {}\n');
      const error: unknown = await loadCase(file).catch((it: unknown) => it);
      expect(error).to.be.instanceOf(OrdealError).with.property('code', 'USAGE');
      expect(error).to.have.property('message').that.contains('wrong.yaml is not a fuzz case').and.contains('policies');
    });
  });
});
