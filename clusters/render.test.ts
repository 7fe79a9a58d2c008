import { expect } from 'chai';
import { OrdealError } from '../harness/base/errors.ts';
import { adapt, cidrOf, readSource, type RenderContext } from './render.ts';

const context: RenderContext = { podCidrs: ['10.244.0.0/16'], kubernetes: 'v1.36.3', pullPolicy: 'Never' };

const chart = {
  from: 'chart',
  component: 'mesh',
  module: 'example.test/mesh',
  path: 'charts/base',
  release: 'base',
  namespace: 'mesh-system',
} as const;

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'control', labels: { app: 'control' } },
  spec: { template: { metadata: {}, spec: { containers: [{ name: 'main', image: 'example.test/a:1' }] } } },
};

describe('readSource', () => {
  it('gives Helm the chart of the module, the version and each value as JSON', async () => {
    const calls: (readonly string[])[] = [];
    const helm = (args: readonly string[]) => {
      calls.push(args);
      return Promise.resolve('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n');
    };
    const moduleDir = (component: string, module: string) => Promise.resolve(`/tree/${component}/${module}`);
    const objects = await readSource(chart, { a: { b: 'false' }, n: 1 }, context, { moduleDir, helm });
    expect(objects.map(({ metadata }) => metadata.name)).to.deep.equal(['x']);
    expect(calls).to.deep.equal([
      [
        ...['template', 'base', '/tree/mesh/example.test/mesh/charts/base', '--namespace', 'mesh-system'],
        ...['--kube-version', 'v1.36.3', '--include-crds', '--set-json', 'a={"b":"false"}', '--set-json', 'n=1'],
      ],
    ]);
  });

  it('says that Go is needed when the module cannot be had', async () => {
    const tools = { moduleDir: () => Promise.reject(new Error('go: not found')), helm: () => Promise.resolve('') };
    const failure: unknown = await readSource(chart, {}, context, tools).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(OrdealError);
    if (!(failure instanceof OrdealError)) return;
    expect(failure.code).to.equal('ENVIRONMENT');
    expect(failure.message).to.include('example.test/mesh');
    expect(failure.remedy).to.match(/Go/);
  });
});

describe('adapt', () => {
  it('maps images, sets the pull policy and labels the object, not its pods', () => {
    const [object] = adapt([deployment], {
      ...context,
      labels: { 'ordeal.dev/run': 'r1' },
      imageRef: (reference) => `mirror.test/${reference}`,
    });
    expect(object?.metadata.labels).to.deep.equal({ app: 'control', 'ordeal.dev/run': 'r1' });
    expect(object?.spec).to.deep.equal({
      template: {
        metadata: {},
        spec: { containers: [{ name: 'main', image: 'mirror.test/example.test/a:1', imagePullPolicy: 'Never' }] },
      },
    });
  });
});

describe('cidrOf', () => {
  it('finds the range of a family', () => {
    expect(cidrOf(['10.0.0.0/8', 'fd00::/48'], 4)).to.equal('10.0.0.0/8');
    expect(cidrOf(['10.0.0.0/8', 'fd00::/48'], 6)).to.equal('fd00::/48');
    expect(cidrOf(['10.0.0.0/8'], 6)).to.equal(undefined);
  });
});
