import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { confirmPlan } from './confirm.ts';

async function outcome(yes: boolean, answer?: string) {
  const said: string[] = [];
  const ask = (question: string) => {
    said.push(question);
    return Promise.resolve(answer ?? '');
  };
  const terminal = { tell: (text: string) => void said.push(text), ask: answer === undefined ? undefined : ask };
  const error: unknown = await confirmPlan(['context: x', 'makes: y'], { yes }, terminal).catch((no: unknown) => no);
  return { said, code: error instanceof OrdealError ? error.code : error };
}

describe('confirmPlan', () => {
  it('says the plan before anything else, and asks', async () => {
    const { said, code } = await outcome(false, 'y');
    expect(said).deep.equal(['context: x\nmakes: y\n', 'go on? [y/N] ']);
    expect(code).equal(undefined);
  });

  for (const answer of ['yes', ' Y ', 'YES']) {
    it(`goes on for ${JSON.stringify(answer)}`, async () =>
      expect((await outcome(false, answer)).code).equal(undefined));
  }

  for (const answer of ['', 'n', 'no', 'maybe', 'yesterday']) {
    it(`stops for ${JSON.stringify(answer)}`, async () =>
      expect((await outcome(false, answer)).code).equal('INTERRUPTED'));
  }

  it('asks nobody where --yes was given, terminal or not', async () => {
    expect(await outcome(true)).deep.equal({ said: ['context: x\nmakes: y\n'], code: undefined });
    expect((await outcome(true, 'no')).code).equal(undefined);
  });

  it('is a usage error where there is nobody to ask', async () => {
    expect((await outcome(false)).code).equal('USAGE');
  });
});
