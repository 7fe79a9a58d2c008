import { clientKey, clientPem, lockedKey, otherKey } from './certificates.test-support.ts';
import { base64, execOf, plugin, type Shape } from './shapes.test-support.ts';

/** Stands in every field of these kubeconfigs that may hold a secret, and must stand nowhere else. */
export const secret = 'hunter2-Zq9';

const certificate = { 'client-certificate-data': base64(clientPem) };
const token = { token: secret };
const exec = (files: Shape['files'], more = {}): Shape => ({
  user: execOf('./p', { env: [{ name: 'SECRET', value: secret }], ...more }),
  ...(files === undefined ? {} : { files }),
});
const oidc = (config: object): Shape => ({
  user: { 'auth-provider': { name: 'oidc', config: { 'client-secret': secret, ...config } } },
});
const yaml = (text: string): Shape => ({ text });
const about = (entry: string) => yaml(`kind: Config\nclusters: []\nusers:\n- name: u\n  user:\n    ${entry}\n`);

/** Title, kubeconfig, and what is said of it. */
export const badShapes: readonly (readonly [string, Shape, RegExp])[] = [
  ['an empty file', yaml(''), /file: it is empty/],
  ['only a comment', yaml(`# ${secret}\n`), /file: it is empty/],
  ['plain text', yaml(secret), /file: a map of fields is expected/],
  ['bytes', yaml(`\u0000\u0001${secret}: {`), /no YAML/],
  ['a list', yaml(`- ${secret}\n`), /file: a map/],
  ['another kind', yaml(`kind: Secret\ndata: {password: ${secret}}\n`), /it is no kubeconfig/],
  [
    'two documents',
    yaml(`kind: Config\nclusters: []\n---\ntoken: ${secret}\n`),
    /line 3, column 1: no YAML \(multiple docs\)/,
  ],
  ['a colon too much', about(`token: ${secret}: x`), /line 6, column \d+: no YAML/],
  ['a quote that is not closed', about(`token: "${secret}`), /line \d+, column \d+: no YAML/],
  ['a tab', about(`password: x\n\t${secret}: y`), /line 7, column 1: no YAML/],
  ['JSON without a comma', yaml(`{"kind": "Config" "password": "${secret}"}`), /line 1, column 19: no YAML/],
  ['JSON that is cut off', yaml(`{"kind": "Config", "password": "${secret}`), /no YAML/],
  ['an alias that leads nowhere', about(`token: *${secret}`), /an alias leads nowhere/],
  ['a number for a token', about('token: 123456789012345'), /users\[0\]\.user\.token: text is expected; put a number/],
  ['a map for a password', about(`password: {a: ${secret}}`), /users\[0\]\.user\.password: text is expected/],
  ['text for a list', yaml(`kind: Config\nclusters: ${secret}\n`), /clusters: a list is expected/],
  [
    'text for a user',
    { top: { users: [{ name: 'u', user: secret }] } },
    /users\[0\]\.user: a map of fields is expected/,
  ],
  [
    'a cluster without a name',
    { top: { clusters: [{ cluster: {} }] }, user: token },
    /clusters\[0\]\.name: text is expected/,
  ],
  [
    'no context chosen',
    { top: { 'current-context': undefined }, user: token },
    /current-context: no context is chosen; it has k/,
  ],
  ['a context that is not there', { top: { 'current-context': 'x' }, user: token }, /no context "x"; it has k/],
  ['a cluster that is not there', { context: { cluster: 'd' }, user: token }, /no cluster "d"; there are c/],
  ['a user that is not there', { context: { user: 'v' }, user: token }, /no user "v"; there are u/],
  ['no server', { cluster: { server: '' }, user: token }, /clusters\[0\]\.cluster\.server: it is missing/],
  ['a server that is no URL', { cluster: { server: 'https://' }, user: token }, /server: it is no http or https URL/],
  [
    'a server of another protocol',
    { cluster: { server: `ftp://a:${secret}@h` } },
    /server: it is no http or https URL/,
  ],
  [
    'a password in the server',
    { cluster: { server: `https://a:${secret}@h` } },
    /server: it holds a user name or password/,
  ],
  ['a proxy of no protocol', { cluster: { 'proxy-url': `socks9://a:${secret}@h` } }, /proxy-url: it is no http/],
  [
    'a CA and skip',
    { cluster: { 'insecure-skip-tls-verify': true }, user: token },
    /insecure-skip-tls-verify: true contradicts/,
  ],
  [
    'a CA that is no base64',
    { cluster: { 'certificate-authority-data': `%${secret}` } },
    /certificate-authority-data: it is no base64/,
  ],
  [
    'a CA that is no PEM',
    { cluster: { 'certificate-authority-data': base64(secret) } },
    /certificate-authority: there is no PEM/,
  ],
  [
    'a CA that is damaged',
    { cluster: { 'certificate-authority-data': base64(clientPem.replaceAll(/[a-f]/g, 'g')) }, user: token },
    /certificate-authority: certificate 1 of 1 in it is damaged/,
  ],
  [
    'a CA in a file that is not there',
    { cluster: { 'certificate-authority-data': undefined, 'certificate-authority': 'gone.pem' }, user: token },
    /certificate-authority: the file .*gone\.pem cannot be read \(ENOENT\)/,
  ],
  [
    'a CA that kubectl left out',
    { cluster: { 'certificate-authority-data': 'DATA+OMITTED' }, user: token },
    /certificate-authority-data: it says DATA\+OMITTED in place/,
  ],
  ['a token that kubectl left out', { user: { token: 'REDACTED' } }, /user\.token: it says REDACTED in place/],
  ['a token no header can hold', { user: { token: `${secret}\n${secret}` } }, /user\.token: it holds characters/],
  [
    'a token file that is not there',
    { user: { tokenFile: 'gone' } },
    /user\.tokenFile: the file .*gone cannot be read/,
  ],
  ['an empty token file', { user: { tokenFile: 't' }, files: { t: '\n' } }, /tokenFile: the file .* is empty/],
  ['token and password', { user: { ...token, username: 'a', password: secret } }, /user: it has token and username/],
  ['a certificate without its key', { user: certificate }, /client-key: it is missing/],
  [
    'a key without its certificate',
    { user: { 'client-key-data': base64(clientKey) } },
    /client-certificate: it is missing/,
  ],
  [
    'a key that is none',
    { user: { ...certificate, 'client-key-data': base64(secret) } },
    /client-key: there is no PEM private key/,
  ],
  [
    'a key of another',
    { user: { ...certificate, 'client-key-data': base64(otherKey) } },
    /client-key: it is not the key of/,
  ],
  [
    'a key behind a passphrase',
    { user: { ...certificate, 'client-key-data': base64(lockedKey) } },
    /client-key: the key has a passphrase/,
  ],
  [
    'a provider of the past',
    { user: { 'auth-provider': { name: 'gcp', config: { 'access-token': secret } } } },
    /Kubernetes 1\.26 took/,
  ],
  [
    'a provider of the past, azure',
    { user: { 'auth-provider': { name: 'azure' } } },
    /Kubernetes 1\.26 took the provider azure/,
  ],
  [
    'a provider nobody knows',
    { user: { 'auth-provider': { name: secret } } },
    /auth-provider\.name: there is no such provider/,
  ],
  [
    'an id-token that expired',
    oidc({ 'id-token': `e30.e30.${secret}` }),
    /id-token: it has expired or is none, and there is no refresh-token/,
  ],
  [
    'an issuer that does not answer',
    oidc({ 'client-id': 'i', 'refresh-token': secret, 'idp-issuer-url': 'http://127.0.0.1:1' }),
    /refresh-token: the provider 127\.0\.0\.1:1 gave no new id-token/,
  ],
  ['a plugin without a command', exec(undefined, { command: '' }), /exec\.command: it is missing/],
  [
    'a plugin of the past',
    exec(undefined, { apiVersion: 'client.authentication.k8s.io/v1alpha1' }),
    /exec\.apiVersion: .*v1 or .*v1beta1/,
  ],
  ['a plugin that wants a terminal', exec(undefined, { interactiveMode: 'Always' }), /exec\.interactiveMode: Always/],
  [
    'a plugin that is not there',
    exec(undefined, { installHint: 'run apt' }),
    /exec\.command: there is no such program/,
  ],
  ['a plugin that may not be run', exec({ p: 'no program' }), /exec\.command: the program may not be executed/],
  [
    'a plugin that fails',
    exec({ p: '#!/bin/sh\necho sign in first >&2\nexit 7\n' }),
    /ended with 7; it said: sign in first/,
  ],
  [
    'a plugin that hangs',
    exec({ p: '#!/bin/sh\necho waiting >&2\nsleep 60\n' }),
    /did not end within \d+ ms; it said: waiting/,
  ],
  ['a plugin that answers nothing', exec({ p: `#!/bin/sh\necho ${secret}\n` }), /the plugin wrote no ExecCredential/],
  ['a plugin without a credential', exec({ p: plugin({}) }), /gave neither a token nor a certificate/],
  [
    'a plugin that answers in another version',
    exec({ p: plugin({ token: secret }).replace('k8s.io/v1', 'k8s.io/v1beta1') }),
    /answered in another version than client/,
  ],
];
