import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { oidcCredential } from './oidc.ts';

const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
const jwt = (claims: object) => `${part({ alg: 'RS256' })}.${part(claims)}.eA`;
const now = () => Math.floor(Date.now() / 1_000);

describe('an id-token that has expired', () => {
  let provider: Server;
  let issuer: string;
  let refreshed: string[];
  beforeEach(async () => {
    refreshed = [];
    provider = createServer((request, response) => {
      void text(request).then((body) => {
        if (request.method === 'POST') refreshed.push(new URLSearchParams(body).get('refresh_token') ?? '');
        const claims = { iss: issuer, aud: 'me', sub: 'i', iat: now(), exp: now() + 3_600 };
        const tokens = { access_token: 'a', token_type: 'bearer', id_token: jwt(claims), refresh_token: 'second' };
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify(request.method === 'POST' ? tokens : { issuer, token_endpoint: `${issuer}/token` }),
        );
      });
    });
    await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening));
    issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    provider.close();
    provider.closeAllConnections();
  });

  it('is refreshed, once while the new one lasts', async () => {
    const entry = {
      'idp-issuer-url': issuer,
      'client-id': 'me',
      'refresh-token': 'first',
      'id-token': jwt({ exp: 1 }),
    };
    const obtain = oidcCredential({ at: 'users[0].user.auth-provider.config', entry }, '/');
    const { headers, expiresAt = 0 } = await obtain();
    expect(headers['authorization']).not.equal(`Bearer ${entry['id-token']}`);
    expect(expiresAt).greaterThan(Date.now());
    await obtain();
    expect(refreshed).deep.equal(['first']);
  });
});
