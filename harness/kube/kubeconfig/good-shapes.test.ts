import { expect } from 'chai';
import { connect } from '../connect.ts';
import { caPem, clientKey, clientPem } from './certificates.test-support.ts';
import { FakeServer, type Asked } from './fake-server.test-support.ts';
import { base64, execOf, plugin, type Shape, writeKubeconfig } from './shapes.test-support.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const jwt = (exp: number) => `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.x`;
const lasting = jwt(4_000_000_000);
const oidc = (config: object) => ({ 'auth-provider': { name: 'oidc', config } });
const noCa = { 'certificate-authority-data': undefined };

/** Title, what the file differs by, and what the API server sees. */
const shapes: readonly (readonly [string, Shape, Partial<Asked> & { headers?: object }])[] = [
  ['a token', { user: { token: 't' } }, { headers: bearer('t') }],
  ['a token with a line break after it', { user: { token: 't\n' } }, { headers: bearer('t') }],
  ['a token file, relative', { user: { tokenFile: 'in/t' }, files: { 'in/t': 't\n' } }, { headers: bearer('t') }],
  [
    'a token file before a token',
    { user: { token: 'old', tokenFile: 't' }, files: { t: 'new' } },
    { headers: bearer('new') },
  ],
  [
    'name and password',
    { user: { username: 'a', password: 'b' } },
    { headers: { authorization: `Basic ${base64('a:b')}` } },
  ],
  ['a name without a password', { user: { username: 'a' } }, { headers: { authorization: `Basic ${base64('a:')}` } }],
  [
    'a client certificate as data',
    { user: { 'client-certificate-data': base64(clientPem), 'client-key-data': base64(clientKey) } },
    { client: 'ordeal' },
  ],
  [
    'a client certificate in files, relative',
    {
      user: { 'client-certificate': 'a.pem', 'client-key': 'a.key' },
      files: { 'a.pem': clientPem, 'a.key': clientKey },
    },
    { client: 'ordeal' },
  ],
  [
    'data before a file that is not there',
    { cluster: { 'certificate-authority': 'gone.pem' }, user: { token: 't' } },
    { headers: bearer('t') },
  ],
  ['no user with a CA', { context: { user: undefined } }, { client: undefined }],
  ['a user of null', { top: { users: [{ name: 'u', user: null }] } }, { client: undefined }],
  ['no CA with skip', { cluster: { ...noCa, 'insecure-skip-tls-verify': true } }, { client: undefined }],
  ['no user with skip', { cluster: { ...noCa, 'insecure-skip-tls-verify': true }, context: { user: '' } }, {}],
  [
    'a CA in a file, relative',
    { cluster: { ...noCa, 'certificate-authority': 'ca.pem' }, files: { 'ca.pem': caPem } },
    {},
  ],
  [
    'several certificates in a CA',
    { cluster: { 'certificate-authority-data': base64(`# a\n${caPem}\n${clientPem}`) } },
    {},
  ],
  ['a server name for TLS', { cluster: { 'tls-server-name': 'api.test' } }, { name: 'api.test' }],
  [
    'a plugin, relative',
    { user: execOf('./bin/p'), files: { 'bin/p': plugin({ token: 'p' }) } },
    { headers: bearer('p') },
  ],
  [
    'a plugin that gives a certificate',
    { user: execOf('./p'), files: { p: plugin({ clientCertificateData: clientPem, clientKeyData: clientKey }) } },
    { client: 'ordeal' },
  ],
  [
    'a plugin with arguments and environment',
    {
      user: execOf('./p', { args: ['a b'], env: [{ name: 'E', value: 'e' }] }),
      files: { p: plugin({ token: 'p' }, 'test "$1" = "a b" && test "$E" = e && test -n "$PATH" || exit 3') },
    },
    { headers: bearer('p') },
  ],
  [
    'a plugin that wants to know the cluster',
    {
      user: execOf('./p', { provideClusterInfo: true }),
      files: {
        p: plugin({ token: 'p' }, 'echo "$KUBERNETES_EXEC_INFO" | grep -q certificate-authority-data || exit 3'),
      },
    },
    { headers: bearer('p') },
  ],
  [
    'a plugin that talks on stderr',
    { user: execOf('./p'), files: { p: plugin({ token: 'p' }, 'echo hm >&2') } },
    { headers: bearer('p') },
  ],
  ['an id-token that holds', { user: oidc({ 'id-token': lasting }) }, { headers: bearer(lasting) }],
  [
    'another user in the name of this one',
    { user: { token: 't', as: 'jane', 'as-groups': ['a', 'b'], 'as-user-extra': { why: ['x'] } } },
    { headers: { 'impersonate-user': 'jane', 'impersonate-group': 'a, b', 'impersonate-extra-why': 'x' } },
  ],
  [
    'fields that nobody knows',
    { top: { extensions: [], preferences: { colors: true } }, cluster: { 'disable-compression': true } },
    {},
  ],
  ['an http server', { cluster: { ...noCa, server: 'HTTP' } }, {}],
  [
    'an http server and a token',
    { cluster: { ...noCa, server: 'HTTP' }, user: { token: 't' } },
    { headers: bearer('t') },
  ],
  ['a server without a scheme and a CA', { cluster: { server: 'BARE' } }, {}],
  ['a server without a scheme', { cluster: { ...noCa, server: 'BARE-HTTP' } }, {}],
];

describe('a kubeconfig that works with kubectl', () => {
  let secured: FakeServer;
  let plain: FakeServer;
  before(async () => {
    secured = await new FakeServer('https').start();
    plain = await new FakeServer('http').start();
  });
  after(() => Promise.all([secured.stop(), plain.stop()]));

  for (const [title, shape, seen] of shapes) {
    it(title, async () => {
      const given = shape.cluster?.['server'];
      const addresses = { HTTP: plain.url, BARE: secured.address, 'BARE-HTTP': plain.address };
      const server = typeof given === 'string' ? addresses[given as keyof typeof addresses] : secured.url;
      const asked = typeof given === 'string' && given.includes('HTTP') ? plain.asked : secured.asked;
      const file = await writeKubeconfig(server, { ...shape, cluster: { ...shape.cluster, server } });
      const kube = await connect(file);
      try {
        expect(await kube.raw('/version')).deep.equal({ gitVersion: 'v1.36.0' });
      } finally {
        await kube.close();
      }
      const { headers, ...rest } = seen;
      expect(asked.at(-1)).deep.include(rest);
      expect(asked.at(-1)?.headers).include(headers ?? {});
    });
  }
});
