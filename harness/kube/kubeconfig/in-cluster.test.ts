import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { caPem } from './certificates.test-support.ts';
import { chooseContext } from './choose.ts';
import { endpointOf } from './endpoint.ts';
import { inClusterConfig } from './in-cluster.ts';
import { readKubeconfig } from './parse.ts';
import { credentialOf } from './user.ts';

const pod = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

describe('the kubeconfig of a pod', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ordeal-account-'));
    await writeFile(join(folder, 'ca.crt'), caPem);
    await writeFile(join(folder, 'token'), 'first\n');
  });

  const chosen = (env: Record<string, string>) => chooseContext(inClusterConfig(env, folder), undefined);

  it('leads to the API server by its address, with the CA and the token of the ServiceAccount', async () => {
    const { cluster, user } = chosen(pod);
    const endpoint = await endpointOf(cluster, '/');
    expect(endpoint).to.include({ ca: caPem, insecure: false });
    expect(endpoint.server.href).to.equal('https://10.96.0.1/');
    const obtain = await credentialOf(user, { folder: '/', endpoint });
    expect((await obtain()).headers).to.include({ authorization: 'Bearer first' });
  });

  it('takes the token that the kubelet has renewed', async () => {
    const { cluster, user } = chosen(pod);
    const obtain = await credentialOf(user, { folder: '/', endpoint: await endpointOf(cluster, '/') });
    expect((await obtain()).expiresAt).to.be.a('number');
    await writeFile(join(folder, 'token'), 'second\n');
    expect((await obtain()).headers).to.include({ authorization: 'Bearer second' });
  });

  it('puts an IPv6 address into brackets', async () => {
    const { cluster } = chosen({ ...pod, KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' });
    expect((await endpointOf(cluster, '/')).server.href).to.equal('https://[fd00::1]:6443/');
  });

  it('is refused outside of a pod, before anything is asked', () => {
    expect(() => inClusterConfig({}, folder)).to.throw(/KUBERNETES_SERVICE_HOST and _PORT are not set/);
  });

  it('is what `in-cluster` stands for in place of a file', async () => {
    const asked = await readKubeconfig('in-cluster').then(
      ({ config }) => config['current-context'],
      (error: unknown) => String(error),
    );
    expect(asked).to.match(/in-cluster/);
  });
});
