import { expect } from 'chai';
import { type Credential, Credentials } from './credential.ts';

const token = (name: string, expiresAt?: number): Credential => ({
  headers: { authorization: name },
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

describe('the credential in use', () => {
  it('is obtained once for all who ask at once, and kept while it lasts', async () => {
    let asked = 0;
    const credentials = new Credentials(
      () => Promise.resolve(token(`t${(asked += 1)}`, 100_000)),
      () => 0,
    );
    const all = await Promise.all([credentials.current(), credentials.current()]);
    expect([...all, await credentials.current()].map(({ headers }) => headers['authorization'])).deep.equal([
      't1',
      't1',
      't1',
    ]);
  });

  it('is renewed before it expires', async () => {
    let now = 0;
    let asked = 0;
    const credentials = new Credentials(
      () => Promise.resolve(token(`t${(asked += 1)}`, now + 100_000)),
      () => now,
    );
    await credentials.current();
    now = 80_000;
    expect((await credentials.current()).headers).deep.equal({ authorization: 't2' });
  });

  it('is renewed once where several were refused with it, and not where the new one says the same', async () => {
    let asked = 0;
    const credentials = new Credentials(() => Promise.resolve(token(`t${Math.min((asked += 1), 2)}`)));
    const refused = await credentials.current();
    const renewed = await Promise.all([credentials.renew(refused), credentials.renew(refused)]);
    expect(renewed.map((one) => one?.headers)).deep.equal([token('t2').headers, token('t2').headers]);
    expect(asked).equal(2);
    expect(await credentials.renew(await credentials.current())).equal(undefined);
  });

  it('is asked for again after it could not be obtained', async () => {
    let asked = 0;
    const credentials = new Credentials(() =>
      (asked += 1) === 1 ? Promise.reject(new Error('no')) : Promise.resolve(token('t')),
    );
    expect(await credentials.current().catch(String)).equal('Error: no');
    expect(await credentials.current()).deep.equal(token('t'));
  });
});
