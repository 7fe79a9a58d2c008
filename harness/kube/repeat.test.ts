import { expect } from 'chai';
import { FakeApi, failure } from './fake-api.test-support.ts';
import { pauseBefore } from './repeat.ts';

const after = (seconds: string) => ({ 'retry-after': seconds });

describe('whether a request is sent again', () => {
  for (const [what, refusal, method, pauseMs] of [
    ['throttled', { statusCode: 429 }, 'POST', 100],
    ['throttled, with a pause asked for', { statusCode: 429, headers: after('2') }, 'POST', 2_000],
    ['throttled, at once', { statusCode: 429, headers: after('0') }, 'GET', 0],
    ['unwell, with a pause asked for', { statusCode: 503, headers: after('1') }, 'POST', 1_000],
    ['a pause longer than any request', { statusCode: 503, headers: after('86400') }, 'GET', 60_000],
    [
      'a pause until a date of the past',
      { statusCode: 503, headers: after('Fri, 01 Jan 2021 00:00:00 GMT') },
      'GET',
      0,
    ],
    ['unwell', { statusCode: 503 }, 'PATCH', 100],
    ['unwell, fate unknown', { statusCode: 503 }, 'POST', undefined],
    ['broken', { statusCode: 500 }, 'DELETE', 100],
    ['not there', { statusCode: 404 }, 'GET', undefined],
    ['refused connection', { code: 'ECONNREFUSED' }, 'POST', 100],
    ['cut off', { code: 'UND_ERR_SOCKET' }, 'GET', 100],
    ['cut off, fate unknown', { code: 'ECONNRESET' }, 'POST', undefined],
    ['wrong certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'GET', undefined],
  ] as const) {
    it(`${what}: ${pauseMs === undefined ? 'no' : `after ${pauseMs} ms`}`, () => {
      expect(pauseBefore(refusal, method, 1)).equal(pauseMs);
    });
  }

  it('pauses longer each time', () => {
    expect([1, 2, 3].map((counter) => pauseBefore({ statusCode: 500 }, 'GET', counter))).deep.equal([100, 200, 400]);
  });
});

describe('a request over a connection that repeats', () => {
  let api: FakeApi;
  beforeEach(() => (api = new FakeApi()));
  afterEach(() => api.stop());

  it('is answered once the API server is well again', async () => {
    const kube = await api.start();
    const answers = [failure(503, 'ServiceUnavailable'), failure(429, 'TooManyRequests')];
    api.answer = () => answers.pop() ?? { body: { ok: true } };
    expect(await kube.raw('/livez')).deep.equal({ ok: true });
    await kube.close();
  });

  it('ends with the answer of an API server that stays unwell', async () => {
    const kube = await api.start();
    api.answer = () => ({ ...failure(503, 'ServiceUnavailable', 'etcd is gone'), headers: { 'retry-after': '0' } });
    expect(await kube.raw('/livez').catch(String)).include('503 ServiceUnavailable: etcd is gone');
    expect(api.received).length(6);
    await kube.close();
  });

  it('lists a collection again in one piece where the next page has expired', async () => {
    const kube = await api.start();
    const item = (name: string) => ({ metadata: { name } });
    api.answer = ({ query }) => {
      if (query.get('limit') === '0') return { body: { metadata: {}, items: [item('a'), item('b')] } };
      if (query.get('continue') === '') return { body: { metadata: { continue: 'more' }, items: [item('a')] } };
      return failure(410, 'Expired', 'The provided continue parameter is too old');
    };
    const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod' });
    expect(pods.map(({ metadata }) => metadata.name)).deep.equal(['a', 'b']);
    await kube.close();
  });
});
