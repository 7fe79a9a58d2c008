import { expect } from 'chai';
import { ownedLabels } from './objects.ts';
import { labelling } from './owned.ts';
import type { Kube, KubeObject } from './types.ts';

const object: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', labels: { app: 'web' } } };

describe('labelling', () => {
  it('cuts a case id to what the API server takes as a label', () => {
    const long = `networkpolicy-${'x'.repeat(48)}-peer`;
    expect(ownedLabels('r1', long)['ordeal.dev/case']).to.equal(long.slice(0, 62));
  });

  it('marks what is applied and created as the run’s, and leaves the caller’s object and the other verbs alone', async () => {
    const sent: KubeObject[] = [];
    const keep = <T extends KubeObject>(one: T) => {
      sent.push(one);
      return Promise.resolve(one);
    };
    const raw = () => Promise.resolve('as before');
    const kube = {
      apply: keep,
      create: keep,
      applyAll: (all: KubeObject[]) => Promise.all(all.map(keep)).then(() => undefined),
      raw,
    };
    const owned = labelling(kube as unknown as Kube, ownedLabels('r1', 'dns-a'));
    await owned.apply(object);
    await owned.create(object);
    await owned.applyAll([object]);
    const wanted = { app: 'web', 'ordeal.dev/run': 'r1', 'ordeal.dev/case': 'dns-a' };
    for (const one of sent) expect(one.metadata.labels).to.include(wanted);
    expect(sent).to.have.length(3);
    expect(object.metadata.labels).to.deep.equal({ app: 'web' });
    expect(await owned.raw('/version')).to.equal('as before');
  });
});
