import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import type { KubeObject } from '../harness/kube/types.ts';
import { imagesOf } from './images-of.test-support.ts';
import type { RenderContext } from './render.ts';
import { product as calico } from './cni/calico.ts';
import { product as cilium } from './cni/cilium.ts';
import { product as flannel } from './cni/flannel.ts';
import { product as kubeRouter } from './cni/kube-router.ts';
import { cnis } from './index.ts';
import type { Cni } from './product.ts';
import { renderProduct } from './render-product.ts';

const context: RenderContext = { podCidrs: ['10.9.0.0/16'], kubernetes: 'v1.36.3', pullPolicy: 'Never' };
const dual: RenderContext = { ...context, podCidrs: ['10.9.0.0/16', 'fd00:9::/56'] };

const flannelFixture = `
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-flannel-cfg, namespace: kube-flannel}
data:
  cni-conf.json: '{"name":"cbr0"}'
  net-conf.json: '{"Network":"10.244.0.0/16","EnableNFTables":false,"Backend":{"Type":"vxlan"}}'
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec:
  template:
    spec:
      containers: [{name: kube-flannel, image: 'ghcr.io/flannel-io/flannel:v0.28.4'}]
`;

const calicoFixture = `
apiVersion: v1
kind: ConfigMap
metadata: {name: calico-config, namespace: kube-system}
data:
  veth_mtu: '0'
  cni_network_config: '{"plugins":[{"type":"calico","ipam":{"type": "calico-ipam"}}]}'
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: calico-node, namespace: kube-system}
spec:
  template:
    spec:
      initContainers: [{name: install-cni, image: 'docker.io/calico/cni:v3.28.5', env: [{name: SLEEP, value: 'false'}]}]
      containers:
        - name: calico-node
          image: docker.io/calico/node:v3.28.5
          env:
            - {name: CALICO_IPV4POOL_VXLAN, value: CrossSubnet}
            - {name: FELIX_VXLANMTU, valueFrom: {configMapKeyRef: {name: calico-config, key: veth_mtu}}}
`;

const kubeRouterFixture = `
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-router-cfg, namespace: kube-system}
data:
  cni-conf.json: '{"cniVersion":"0.3.0","plugins":[{"type":"bridge","bridge":"kube-bridge"}]}'
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-router, namespace: kube-system}
spec:
  template:
    spec:
      initContainers: [{name: install-cni, image: docker.io/cloudnativelabs/kube-router, args: [-c, cp]}]
      containers: [{name: kube-router, image: docker.io/cloudnativelabs/kube-router, args: [--run-router=true]}]
`;

/** Renders a product whose upstream file is this text, or whose chart renders to it. */
async function rendered(product: Cni, text: string, of: RenderContext): Promise<KubeObject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-cni-'));
  try {
    const path = join(folder, product.install[0]?.source.path ?? '');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return await renderProduct(product, of, {
      moduleDir: () => Promise.resolve(folder),
      helm: () => Promise.resolve(text),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const Data = z.looseObject({ data: z.record(z.string(), z.string()) });
const dataOf = (objects: readonly KubeObject[], key: string): unknown =>
  JSON.parse(objects.flatMap((object) => Data.safeParse(object).data?.data[key] ?? [])[0] ?? 'null');

const Env = z.array(z.looseObject({ name: z.string(), value: z.string().optional() }));
const Pods = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: z.looseObject({ containers: z.array(z.looseObject({ env: Env.default([]) })) }) }),
  }),
});
function envOf(objects: readonly KubeObject[]): ReadonlyMap<string, string | undefined> {
  const daemonSet = objects.find(({ kind }) => kind === 'DaemonSet');
  const [container] = Pods.parse(daemonSet).spec.template.spec.containers;
  return new Map(container?.env.map(({ name, value }) => [name, value]));
}

describe('renderProduct of a CNI', () => {
  it('gives flannel the pod range and keeps the rest of its configuration', async () => {
    const objects = await rendered(flannel, flannelFixture, context);
    const backend = { EnableNFTables: false, Backend: { Type: 'vxlan' } };
    expect(dataOf(objects, 'net-conf.json')).to.deep.equal({ Network: '10.9.0.0/16', ...backend });
    expect(dataOf(objects, 'cni-conf.json')).to.deep.equal({ name: 'cbr0' });
  });

  it('gives flannel both ranges on dual-stack', async () => {
    const objects = await rendered(flannel, flannelFixture, dual);
    expect(dataOf(objects, 'net-conf.json')).to.include({ EnableIPv6: true, IPv6Network: 'fd00:9::/56' });
  });

  it('sets only the agent container of calico and keeps its references', async () => {
    const objects = await rendered(calico, calicoFixture, context);
    const env = envOf(objects);
    expect(env.get('CALICO_IPV4POOL_VXLAN')).to.equal('Always');
    expect(env.get('CALICO_IPV4POOL_CIDR')).to.equal('10.9.0.0/16');
    expect(env.get('FELIX_USAGEREPORTINGENABLED')).to.equal('false');
    expect(env.has('FELIX_VXLANMTU')).to.equal(true);
    expect(env.has('CALICO_IPV6POOL_CIDR')).to.equal(false);
    expect(JSON.stringify(objects)).to.include('{"name":"SLEEP","value":"false"}],"imagePullPolicy":"Never"');
  });

  it('lets calico assign both families on dual-stack', async () => {
    const objects = await rendered(calico, calicoFixture, dual);
    expect(envOf(objects).get('FELIX_IPV6SUPPORT')).to.equal('true');
    expect(dataOf(objects, 'cni_network_config')).to.deep.equal({
      plugins: [{ type: 'calico', ipam: { type: 'calico-ipam', assign_ipv4: 'true', assign_ipv6: 'true' } }],
    });
  });

  it('gives calico the MTU of its tunnel from the start where the node MTU is known', async () => {
    const known = await rendered(calico, calicoFixture, { ...context, nodeMtu: 1500 });
    expect(dataOf(known, 'veth_mtu')).to.equal(1450);
    expect(dataOf(await rendered(calico, calicoFixture, context), 'veth_mtu')).to.equal(0);
  });

  it('lets kube-router route without tunnels and chains host ports', async () => {
    const objects = await rendered(kubeRouter, kubeRouterFixture, { ...context, serviceCidrs: ['10.96.0.0/16'] });
    expect(dataOf(objects, 'cni-conf.json')).to.have.nested.property('plugins[0].hairpinMode', true);
    expect(dataOf(objects, 'cni-conf.json')).to.have.nested.property('plugins[1].type', 'portmap');
    const flags = '"args":["--run-router=true","--enable-overlay=false","--enable-ipv4=true","--enable-ipv6=false"';
    expect(JSON.stringify(objects)).to.include(flags).and.include('"--service-cluster-ip-range=10.96.0.0/16"');
    expect(JSON.stringify(objects)).to.include('"args":["-c","cp"]');
  });

  it('refuses a manifest whose layout has changed', async () => {
    const changed = flannelFixture.replace('net-conf.json', 'network.json');
    const failure: unknown = await rendered(flannel, changed, context).catch((error: unknown) => error);
    expect(String(failure)).to.include('net-conf.json');
  });

  it('keeps kube-proxy and the chart that cilium publishes', () => {
    const values = cilium.install[0]?.values?.(context) ?? {};
    expect(values).to.deep.include({ kubeProxyReplacement: 'false', ipv6: { enabled: false } });
    expect(cilium.kubeProxyMode).to.equal('iptables');
  });
});

describe('CNIs', () => {
  it('declare every image their fixtures run, so that nothing is pulled by surprise', async () => {
    for (const [spec, text] of [
      [flannel, flannelFixture],
      [calico, calicoFixture],
      [kubeRouter, kubeRouterFixture],
    ] as const) {
      const declared = spec.components.flatMap((component) => Object.keys(component.images ?? {}));
      expect(declared).to.include.members([...imagesOf(await rendered(spec, text, context))]);
    }
  });

  it('name an agent that is also awaited', () => {
    for (const spec of cnis) expect(spec.readiness).to.include(spec.agent.workload);
  });
});
