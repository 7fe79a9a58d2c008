import { expect } from 'chai';
import { OrdealError } from '../harness/base/errors.ts';
import type { RenderContext } from './render.ts';
import { products } from './index.ts';
import { product as istio } from './mesh/istio.ts';
import { product as linkerd } from './mesh/linkerd.ts';
import { assertAvailable, renderProduct } from './render-product.ts';

const context: RenderContext = { podCidrs: ['10.9.0.0/16'], kubernetes: 'v1.36.3', pullPolicy: 'Never' };

/** A Helm that renders one ConfigMap per call, named by the release, with its arguments as data. */
const helm = (args: readonly string[]) =>
  Promise.resolve(
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${args[1] ?? ''}}\ndata: ${JSON.stringify({ args: args.join('\n') })}\n`,
  );
const moduleDir = () => Promise.resolve('/tree');

describe('renderProduct of a mesh', () => {
  it('makes the namespace first, then the charts in their order', async () => {
    const objects = await renderProduct(istio, { ...context, labels: { run: 'r1' } }, { moduleDir, helm });
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name ?? ''}`)).to.deep.equal([
      'Namespace/istio-system',
      'ConfigMap/istio-base',
      'ConfigMap/istiod',
    ]);
    expect(objects.every(({ metadata }) => metadata.labels?.run === 'r1')).to.equal(true);
  });

  it('gives the chart mapped image references, because injected sidecars never pass through here', async () => {
    const imageRef = (reference: string) => `mirror.test/${reference}`;
    const [, , istiod] = await renderProduct(istio, { ...context, imageRef }, { moduleDir, helm });
    const text = JSON.stringify(istiod);
    for (const reference of istio.components.flatMap(({ images }) => Object.keys(images ?? {}))) {
      expect(text).to.include(`mirror.test/${reference}`);
    }
  });

  it("keeps away from Envoy what only the filters of Istio's own build understand", async () => {
    const [, , istiod] = await renderProduct(istio, context, { moduleDir, helm });
    const text = JSON.stringify(istiod);
    for (const name of ['PILOT_ENABLE_METADATA_EXCHANGE', 'PILOT_ENABLE_ALPN_FILTER']) expect(text).to.include(name);
    expect(istio.provides.MeshMetrics).to.equal(false);
  });
});

describe('assertAvailable', () => {
  it('gives the declared reason', () => {
    expect(() => assertAvailable(linkerd, 'source', products)).to.throw(OrdealError, /linkerd2-proxy/);
    expect(() => assertAvailable(istio, 'source', products)).not.to.throw();
  });
});
