import { expect } from 'chai';
import { OrdealError } from '../../base/errors.ts';
import { enforceTimeouts, Timeouts } from '../../base/timeouts.ts';
import { connect } from '../connect.ts';
import { badShapes } from './bad-shapes.test-support.ts';
import { writeKubeconfig } from './shapes.test-support.ts';

describe('a kubeconfig that cannot be used', () => {
  before(() => enforceTimeouts(Timeouts.parse({ credentialPluginMs: 400 })));
  after(() => enforceTimeouts(Timeouts.parse({})));

  for (const [title, shape, said] of badShapes) {
    it(`is refused with field and remedy: ${title}`, async () => {
      const file = await writeKubeconfig('https://127.0.0.1:1', shape);
      const error = await connect(file).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).instanceOf(OrdealError).include({ code: 'USAGE', cause: undefined });
      expect(error).property('message').match(said);
      expect(error).property('remedy').not.equal(undefined);
    });
  }

  it("shows a plugin's own hint where it is not installed", async () => {
    const [, shape] = badShapes.find(([title]) => title === 'a plugin that is not there') ?? [];
    const file = await writeKubeconfig('https://127.0.0.1:1', shape ?? {});
    expect(await connect(file).catch((error: unknown) => error)).property('remedy', 'run apt');
  });

  it('names a file that cannot be read, and a context that is not there', async () => {
    expect(await connect('/does/not/exist').catch(String)).include('/does/not/exist cannot be read (ENOENT)');
    const file = await writeKubeconfig('https://127.0.0.1:1', {});
    expect(await connect(file, 'three').catch(String)).include('no context "three"; it has k');
  });

  it('never takes the text of one for the name of a file', async () => {
    const text = 'apiVersion: v1\nusers: [{user: {token: hunter2}}]\n';
    for (const inline of [text, '{"users": "hunter2"}', 'apiVersion: hunter2']) {
      const error = await connect(inline).catch((caught: unknown) => caught);
      expect(error).property('message', '--kubeconfig takes the name of a file, not the text of one');
    }
  });
});
