import { expect } from 'chai';
import { OrdealError } from '../harness/base/errors.ts';
import { imagesOf } from './images-of.test-support.ts';
import { mapContainers, parseManifest, withEnv } from './manifest.ts';

const stream = `
---
# only a comment
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  template:
    spec:
      initContainers: [{name: install, image: 'example.test/cni:1'}]
      containers: [{name: main, image: 'example.test/node:1', env: [{name: KEEP, value: a}]}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {image: not-a-container}
`;

describe('manifest', () => {
  it('reads a stream in order and skips empty documents', () => {
    const objects = parseManifest(stream, 'fixture');
    expect(objects.map(({ kind }) => kind)).to.deep.equal(['DaemonSet', 'ConfigMap']);
  });

  it('names the origin of a broken document', () => {
    for (const broken of ['kind: [', 'kind: Pod']) {
      expect(() => parseManifest(broken, 'the fixture')).to.throw(OrdealError, /the fixture/);
    }
  });

  it('reaches init containers and containers, and leaves its input alone', () => {
    const [daemonSet] = parseManifest(stream, 'fixture');
    if (daemonSet === undefined) throw new Error('no object');
    const before = JSON.stringify(daemonSet);
    const edited = mapContainers(daemonSet, (container) => ({ ...container, image: `mirror/${container.name}` }));
    expect(imagesOf([edited])).to.deep.equal(['mirror/install', 'mirror/main']);
    expect(JSON.stringify(daemonSet)).to.equal(before);
  });

  it('leaves objects without a pod template as they are', () => {
    const [, configMap] = parseManifest(stream, 'fixture');
    if (configMap === undefined) throw new Error('no object');
    expect(mapContainers(configMap, () => ({ name: 'x', image: 'x' }))).to.equal(configMap);
  });

  it('sets variables in place, replaces references, appends new ones', () => {
    const container = {
      name: 'main',
      image: 'x',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueFrom: { fieldRef: {} } },
        { name: 'C', value: '3' },
      ],
    };
    expect(withEnv(container, { B: '2', D: '' }).env).to.deep.equal([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
      { name: 'C', value: '3' },
      { name: 'D', value: '' },
    ]);
  });
});
