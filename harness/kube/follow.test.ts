import { expect } from 'chai';
import { FakeApi, failure, type Answer } from './fake-api.test-support.ts';
import type { Kube } from './types.ts';

const pod = (name: string, ready = false) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x' },
  status: { ready },
});
const list = (...items: object[]): Answer => ({ body: { metadata: { resourceVersion: '7' }, items } });
const lines = (...events: object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const added = (name: string) => ({ type: 'ADDED', object: pod(name) });

describe('following a collection', () => {
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

  /** Answers lists and watches in turn, the last of each again and again. */
  function answers(lists: readonly Answer[], watches: readonly Answer[]): void {
    const turn = { list: 0, watch: 0 };
    const next = (of: readonly Answer[], index: number) => of[Math.min(index, of.length - 1)] ?? { body: {} };
    api.answer = ({ query }) => (query.has('watch') ? next(watches, turn.watch++) : next(lists, turn.list++));
  }

  /** Returns the first changes in words; the stream is left then. */
  async function told(count: number): Promise<string[]> {
    const said: string[] = [];
    const over = new AbortController();
    const query = { apiVersion: 'v1', kind: 'Pod', labelSelector: 'run=1' };
    for await (const { object, gone } of kube.follow(query, over.signal)) {
      said.push(`${object.metadata.name ?? ''}${gone ? ' gone' : ''}`);
      if (said.length === count) over.abort();
    }
    return said;
  }

  it('tells what is there, then what changes, from the version that was listed, in one stream', async () => {
    const body = lines(added('b'), { type: 'BOOKMARK', object: pod('') }, { type: 'DELETED', object: pod('a') });
    answers([list(pod('a'))], [{ body, open: true }]);
    expect(await told(3)).deep.equal(['a', 'b', 'a gone']);
    expect(api.received.map(({ path }) => path)).deep.equal(['/api/v1/pods', '/api/v1/pods']);
    const [listed, watched] = api.received;
    expect(listed?.query.get('labelSelector')).equal('run=1');
    expect(Object.fromEntries(watched?.query ?? [])).include({ resourceVersion: '7', labelSelector: 'run=1' });
  });

  it('begins anew when the watch ends or its version is too old, and tells what went in between', async () => {
    const tooOld = lines({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    answers([list(pod('a')), list(pod('a'), pod('b')), list(pod('b'))], [{ body: '' }, { body: tooOld }]);
    expect(await told(5)).deep.equal(['a', 'a', 'b', 'a gone', 'b']);
  });

  it('lists again and again where it may not watch', async () => {
    answers([list(), list(pod('a'))], [failure(403, 'Forbidden')]);
    expect(await told(2)).deep.equal(['a', 'a']);
  });

  it('fails where it may not list', async () => {
    answers([failure(403, 'Forbidden', 'no list for you')], []);
    const error: unknown = await told(1).catch((thrown: unknown) => thrown);
    expect(String(error)).contain('no list for you');
  });
});
