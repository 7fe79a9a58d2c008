import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { FakeApi, type Received } from '../kube/fake-api.test-support.ts';
import { announce } from './announce.ts';
import { parseRunOptions } from './run-options.ts';

const node = (name: string, spec: object) => ({
  metadata: { name },
  spec,
  status: { nodeInfo: { kernelVersion: '6.1', kubeletVersion: 'v1.36.1' } },
});

/** An API server of two nodes, whose account may do all but delete namespaces. */
function answerOf({ method, path, body }: Received) {
  if (path === '/version') return { body: { gitVersion: 'v1.36.1' } };
  if (path === '/api/v1/nodes') return { body: { items: [node('w1', {}), node('w2', { unschedulable: true })] } };
  if (path.endsWith('/selfsubjectaccessreviews')) {
    const { spec, ...review } = body as { spec: { resourceAttributes: { verb: string; resource: string } } };
    const { verb, resource } = spec.resourceAttributes;
    return { body: { ...review, spec, status: { allowed: verb !== 'delete' || resource !== 'namespaces' } } };
  }
  const isAbsent = /configmaps|^\/apis\/[^/]+\/[^/]+$/.test(path);
  return method === 'GET' && !isAbsent ? { body: { items: [] } } : { status: 404, body: {} };
}

describe('announce', () => {
  const api = new FakeApi();
  let kubeconfig = '';
  const announced = async (flags: object) => {
    const told: string[] = [];
    const terminal = { tell: (text: string) => void told.push(text), ask: undefined };
    const options = parseRunOptions({ kubeconfig, include: ['dns-*', 'services-external-ip'], ...flags });
    const error: unknown = await announce(options, terminal).catch((no: unknown) => no);
    if (error !== undefined && !(error instanceof OrdealError)) throw new Error('not announced', { cause: error });
    return { told: told.join(''), code: error?.code };
  };

  before(async () => {
    api.answer = answerOf;
    await (await api.start()).close();
    kubeconfig = join(await mkdtemp(join(tmpdir(), 'ordeal-announce-')), 'kubeconfig');
    await writeFile(kubeconfig, api.kubeconfig());
  });
  after(() => api.stop());

  it('says the whole plan and refuses, where nobody can be asked and nobody agreed', async () => {
    const { told, code } = await announced({});
    expect(code).equal('USAGE');
    expect(told).match(/^plan: context k \(http:\/\/127\.0\.0\.1:\d+\), Kubernetes v1\.36\.1, network other unknown\n/);
    expect(told).include('nodes: 1 (w1) take pods; cordoned or tainted: 1 (w2)\n');
    expect(told).match(/touches: nothing of others; \d+ cases skipped for want of --allow-disruption\n/);
    expect(told).include('rights: this account LACKS delete namespaces, so that nothing can be run\n');
    expect(told).match(/takes: \d+ cases/);
  });

  it('says what is disturbed where that is allowed', async () => {
    const { told, code } = await announced({ yes: true, allowDisruption: ['dns'] });
    expect(code).equal(undefined);
    expect(told).include('    dns: the Corefile is changed and put back\n');
  });

  it('creates nothing', () => {
    const writes = api.received.filter(({ method, path }) => method !== 'GET' && !path.endsWith('accessreviews'));
    expect(writes).deep.equal([]);
  });
});
