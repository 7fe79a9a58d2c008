import { expect } from 'chai';
import { parseSource, parseTarget } from './ends.ts';
import { judge } from './judge.ts';
import { loadModelFromFiles, type LoadOptions } from './load-cluster-model.ts';

/** Inputs that people really have: each re-creates a public report in small files. */
const at = (input: string) => new URL(`inputs/${input}`, import.meta.url).pathname;

const ask = async (input: string | readonly string[], from: string, to: string, options: LoadOptions = {}) => {
  const { model } = await loadModelFromFiles([input].flat().map(at), options);
  return judge(model, { from: parseSource(from), ...parseTarget(to, model) });
};
const podsIn = async (input: string) =>
  (await loadModelFromFiles([at(input)])).model.pods.map(({ namespace, name }) => `${namespace}/${name}`);

const questions: readonly (readonly [input: string, from: string, to: string, verdict: string, dispute?: string])[] = [
  ['02-statefulset-peers', 'queue/mq', 'queue/mq:25672', 'dropped'],
  ['02-statefulset-peers', 'queue/mq-0', 'queue/mq-2:25672', 'dropped'],
  ['06-deploy-nodeport', '203.0.113.5', 'node:w1:31080', 'dropped'],
  ['06-deploy-nodeport', '203.0.113.5', '192.0.2.11:31080', 'dropped'],
  ['06-deploy-nodeport', '198.51.100.5', 'node:w1:31080', 'undecided', 'source-address'],
  ['06-rc-nodeport', '203.0.113.5', 'default/echo:80', 'dropped'],
  ['07-apiserver', 'ops/operator', 'svc:default/kubernetes:443', 'undecided', 'service-address'],
  ['07-apiserver', 'ops/operator', '10.43.0.1:443', 'undecided', 'service-address'],
  ['09-empty-service-selector', 'shop/a', 'svc:shop/outside:80', 'refused'],
  ['10-external-name', 'shop/a', 'svc:shop/pay:443', 'undecided', 'external-name'],
  ['11-cronjob', 'ops/healthcheck', 'ops/target:80', 'dropped'],
  ['12a-cnp-no-namespaceselector', 'mon/m', 'vip/a:8080', 'dropped'],
  ['12e-cnp-domain-names', 'vip/a', '203.0.113.80:443', 'undecided', 'domain-names'],
  ['12e-cnp-domain-names', 'vip/a', '203.0.113.80:80', 'dropped'],
  ['16-merge-keys', 'shop/blue', 'shop/green:8080', 'open'],
  ['16c-many-aliases', 'shop/p0', 'shop/p1:80', 'open'],
  ['17a-clusterip-empty', 'shop/a', 'shop/a:80', 'open'],
  ['17b-targetport-empty', '192.0.2.1', 'svc:shop/web:80', 'open'],
  ['17b-targetport-empty', '192.0.2.1', 'svc:shop/web0:80', 'open'],
  ['24c-v6-client-plain-files', '2001:db8::5', 'shop/a:80', 'open'],
  ['24c-v6-client-plain-files', '2001:db9::5', 'shop/a:80', 'dropped'],
  ['25-hostnetwork', 'ingress/ingress', 'shop/a:80', 'open', 'host-network'],
  ['25-hostnetwork', 'node:edge1', 'shop/a:80', 'open'],
  ['27-get-all', '192.0.2.1', 'svc:shop/web:80', 'open'],
  ['36-hostport', '203.0.113.9', 'node:w1:8088', 'dropped'],
];

const leftOut: readonly (readonly [input: string, line: number, words: string])[] = [
  ['04-quoted-port/quoted.yaml', 10, 'no port name'],
  ['12b-cnp-tcp-empty/all.yaml', 9, 'destinationPort'],
  ['19-wildcard-label/all.yaml', 14, 'no label value'],
  ['32-yaml11-words/all.yaml', 10, 'matchLabels.canary: must be string; YAML takes yes for'],
];

const noted: readonly (readonly [input: string, words: string])[] = [
  ['15a-calico-kind', 'NetworkPolicy projectcalico.org/v3'],
  ['15c-knative-service', 'Service serving.knative.dev/v1'],
  ['15e-cilium-policy-ignored', 'CiliumNetworkPolicy cilium.io/v2'],
  ['20-namespace-not-in-files', 'labels of namespace monitoring, shop are unknown'],
  ['33-generate-name', 'all.yaml:7: Job shop/seed- has no name yet (generateName)'],
  ['37-policy-without-namespace', 'all.yaml:8: NetworkPolicy closed names no namespace'],
];

describe('oracle: inputs that people have', () => {
  for (const [input, from, to, verdict, dispute] of questions) {
    it(`${input}: ${from} -> ${to} is ${verdict}`, async () => {
      const judged = await ask(input, from, to);
      expect(judged.verdict, judged.reason.text).to.equal(verdict);
      expect(judged.disputed).to.equal(dispute);
    });
  }

  for (const [input, line, words] of leftOut) {
    it(`${input} leaves out what the API server refuses, and judges the rest`, async () => {
      const { model, faults } = await loadModelFromFiles([at(input)]);
      expect(model.pods).to.not.be.empty;
      expect(faults).to.have.length(1);
      expect(faults[0])
        .to.contain(`${at(input)}:${line}: `)
        .and.to.contain(words);
      const refusal: unknown = await loadModelFromFiles([at(input)], { strict: true }).catch((it: unknown) => it);
      expect(refusal).to.be.an('error').with.property('message').that.contains(at(input));
    });
  }

  for (const [input, words] of noted) {
    it(`${input} says what there is to know`, async () => {
      const { model, notes } = await loadModelFromFiles([at(input)]);
      expect(model.pods).to.not.be.empty;
      expect(notes.join('\n')).to.contain(words);
    });
  }

  it('02: a StatefulSet has its pods by their names, 27: a listing has each pod once', async () => {
    expect(await podsIn('02-statefulset-peers')).to.deep.equal(['queue/mq-0', 'queue/mq-1', 'queue/mq-2']);
    expect(await podsIn('27-get-all')).to.deep.equal(['shop/web-7d9-x1']);
  });

  it('28: files given one by one add up', async () => {
    const judged = await ask(['28-two-files/policies.yaml', '28-two-files/pods.yaml'], 'shop/b', 'shop/a:80');
    expect(judged.verdict).to.equal('dropped');
  });

  it('37: a default namespace places what names none', async () => {
    const judged = await ask('37-policy-without-namespace', '192.0.2.1', 'shop/a:80', { namespace: 'shop' });
    expect(judged.verdict).to.equal('dropped');
  });

  it('13a and 14: what can not be read is named, with what to do', async () => {
    const failure = (input: string) => loadModelFromFiles([at(input)]).catch((it: unknown) => it);
    expect(await failure('13a-utf16'))
      .to.have.property('message')
      .that.contains('UTF-16');
    expect(await failure('14-kustomize'))
      .to.have.property('remedy')
      .that.contains(`kubectl kustomize ${at('14-kustomize/overlays/prod')}`);
    const { model, faults } = await loadModelFromFiles([at('13a-utf16'), at('28-two-files')]);
    expect(model.pods).to.have.length(2);
    expect(faults.join()).to.contain('UTF-16');
  });
});
