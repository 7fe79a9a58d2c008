import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { FakeApi, failure } from './fake-api.test-support.ts';
import { KubeError } from './errors.ts';
import { connectionsAtOnce } from './connection.ts';
import type { Kube } from './types.ts';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'x' } };
const ref = { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'x' };

async function thrown(work: Promise<unknown>): Promise<OrdealError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).instanceOf(OrdealError);
  return error as OrdealError;
}

describe('kube client', () => {
  let api: FakeApi;
  let kube: Kube;

  beforeEach(async () => {
    api = new FakeApi();
    kube = await api.start();
  });

  afterEach(async () => {
    await kube.close();
    await api.stop();
  });

  it('applies on the server side, forced, as `ordeal`, fields client-node does not know included', async () => {
    api.answer = ({ body }) => ({ body });
    const stored = await kube.apply({ ...pod, spec: { fieldOfTheFuture: 1 } });
    expect(stored.spec).deep.equal({ fieldOfTheFuture: 1 });
    const [request] = api.received;
    expect(request).include({ method: 'PATCH', path: '/api/v1/namespaces/x/pods/a' });
    expect(request?.contentType).equal('application/apply-patch+yaml');
    expect(request?.query.get('force')).equal('true');
    expect(request?.query.get('fieldManager')).equal('ordeal');
    expect(request?.authorization).equal('Bearer very-secret');
  });

  it('says undefined for what is absent', async () => {
    expect(await kube.get(ref)).equal(undefined);
  });

  it('retries a patch that met a conflict', async () => {
    let conflicts = 2;
    api.answer = ({ body }) => (conflicts-- > 0 ? failure(409, 'Conflict') : { body: { ...pod, got: body } });
    const patched = await kube.patch(ref, { metadata: { labels: { a: null } } });
    expect(patched['got']).deep.equal({ metadata: { labels: { a: null } } });
    expect(api.received).length(3);
    expect(api.received[2]?.contentType).equal('application/merge-patch+json');
  });

  it('waits out throttling, also of a create', async () => {
    let throttled = 1;
    api.answer = ({ body }) => (throttled-- > 0 ? failure(429, 'TooManyRequests') : { body });
    expect((await kube.create(pod)).metadata.name).equal('a');
    expect(api.received.map(({ path }) => path)).deep.equal(Array(2).fill('/api/v1/namespaces/x/pods'));
  });

  it('does not repeat a create whose fate is unknown', async () => {
    api.answer = () => failure(503, 'ServiceUnavailable');
    expect(await thrown(kube.create(pod))).instanceOf(KubeError);
    expect(api.received).length(1);
  });

  it('reads all pages of a list and gives items their kind back', async () => {
    const page = (name: string, next?: string) => ({ metadata: { continue: next }, items: [{ metadata: { name } }] });
    api.answer = ({ query }) => ({ body: query.get('continue') === 'more' ? page('b') : page('a', 'more') });
    const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', labelSelector: 'k=v' });
    expect(pods.map(({ kind, metadata }) => [kind, metadata.name])).deep.equal([
      ['Pod', 'a'],
      ['Pod', 'b'],
    ]);
    expect(api.received[1]?.query.get('labelSelector')).equal('k=v');
  });

  it('names verb, object, status and reason of a refusal, and no credentials', async () => {
    api.answer = () => failure(422, 'Invalid', 'spec.containers: Required value');
    const error = await thrown(kube.apply(pod));
    expect(error).include({ code: 'KUBE_API', status: 422, reason: 'Invalid' });
    expect(error.message).include('cannot apply Pod x/a').and.include('422 Invalid: spec.containers: Required value');
    expect(JSON.stringify([error.message, error.remedy, error.cause])).not.include('very-secret');
  });

  it('names a kind the cluster does not serve', async () => {
    const error = await thrown(kube.apply({ apiVersion: 'v9', kind: 'Nothing', metadata: { name: 'n' } }));
    expect(error.message).equal('this cluster serves no Nothing in v9');
  });

  it('takes a successor of the same name for the deleted object being gone', async () => {
    const uids = ['old', 'old', 'new'];
    api.answer = ({ method }) => ({ body: { ...pod, metadata: { uid: method === 'DELETE' ? 'old' : uids.shift() } } });
    await kube.remove(ref, { awaitGone: true });
    expect(api.received.filter(({ method }) => method === 'GET')).length(3);
  });

  it('removes what is absent without complaint', async () => {
    await kube.remove(ref, { awaitGone: true });
  });

  it('says what it last saw of an object that does not become so', async () => {
    api.answer = () => ({ body: { ...pod, status: { phase: 'Pending' } } });
    const error = await thrown(kube.until(ref, 'Running', 120, () => false));
    expect(error.code).equal('API_WAIT');
    expect(error.message).include('Running').and.include('"phase":"Pending"');
  });

  it('sits out an API server that is briefly unwell while waiting', async () => {
    let unwell = 1;
    api.answer = () => (unwell-- > 0 ? failure(500, 'InternalError') : { body: pod });
    expect(await kube.until(ref, 'there', 5_000, (object) => object !== undefined)).deep.include(pod);
  });

  it('stops waiting at once where the right is lacking', async () => {
    api.answer = () => failure(403, 'Forbidden', 'pods "a" is forbidden');
    const error = await thrown(kube.until(ref, 'there', 60_000, () => true));
    expect(error).include({ code: 'KUBE_API', status: 403 });
  });

  it('explains a rollout that does not end by its pods', async () => {
    const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 1 };
    const web = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w', namespace: 'x', generation: 1 },
      spec: { replicas: 2, selector: { matchLabels: { app: 'w' } } },
      status,
    };
    const containerStatuses = [{ name: 'c', ready: false, state: { waiting: { reason: 'ErrImageNeverPull' } } }];
    const pods = { items: [{ metadata: { name: 'w-1' }, status: { phase: 'Pending', containerStatuses } }] };
    api.answer = ({ path }) => ({ body: path.endsWith('/pods') ? pods : web });
    const error = await thrown(
      kube.untilRolledOut({ ...ref, apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' }, 60),
    );
    expect(error.message).include('1 of 2 available').and.include('w-1: c ErrImageNeverPull');
  });

  it('sends many calls over few connections', async () => {
    api.answer = () => ({ body: pod });
    await Promise.all(Array.from({ length: 200 }, () => kube.get(ref)));
    expect(api.received).length(200);
    expect(api.connections.size).at.most(connectionsAtOnce + 1);
  });

  it('applies namespaces first and workloads after what they need', async () => {
    api.answer = ({ body }) => ({ body });
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'x' } };
    await kube.applyAll([pod, config, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }]);
    expect(api.received.map(({ path }) => path.split('/').at(-2))).deep.equal(['namespaces', 'configmaps', 'pods']);
  });

  it('says in one sentence that the API server does not answer', async () => {
    const other = new FakeApi();
    const deaf = await other.start();
    await other.stop();
    const error = await thrown(deaf.raw('/version'));
    await deaf.close();
    expect(error.message).match(/no answer from the API server http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\)/);
  });
});
