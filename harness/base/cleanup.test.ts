import { expect } from 'chai';
import { CleanupStack } from './cleanup.ts';
import { OrdealError } from './errors.ts';

describe('CleanupStack', () => {
  it('undoes in reverse, once', async () => {
    const stack = new CleanupStack({ timeoutMs: 1_000 });
    const undone: string[] = [];
    for (const name of ['a', 'b', 'c']) stack.defer(name, () => Promise.resolve(void undone.push(name)));
    await Promise.all([stack.run(), stack.run()]);
    await stack.run();
    expect(undone).deep.equal(['c', 'b', 'a']);
  });

  it('tries everything and names all that failed', async () => {
    const stack = new CleanupStack({ timeoutMs: 1_000 });
    let tried = 0;
    stack.defer('first', () => Promise.resolve(void (tried += 1)));
    stack.defer('second', () => Promise.reject(new Error('no')));
    stack.defer('third', () => {
      throw new Error('never');
    });
    const error: unknown = await stack.run().catch((reason: unknown) => reason);
    expect(tried).equal(1);
    expect(error).instanceOf(OrdealError);
    expect((error as OrdealError).message)
      .include('second (cause: no)')
      .and.include('third (cause: never)');
  });

  it('does not let one hanging step keep the rest from being tried', async () => {
    const stack = new CleanupStack({ timeoutMs: 20 });
    let tried = false;
    stack.defer('rest', () => Promise.resolve(void (tried = true)));
    stack.defer('hangs', () => new Promise(() => undefined));
    const error: unknown = await stack.run().catch((reason: unknown) => reason);
    expect(tried).equal(true);
    expect((error as Error).message).include('hangs: not done within the deadline');
  });

  it('keeps the first error and adds what was left behind', async () => {
    const stack = new CleanupStack({ timeoutMs: 1_000 });
    stack.defer('node', () => Promise.reject(new Error('stuck')));
    const first = new OrdealError('CLUSTER', 'the CNI did not start', { remedy: 'Look at logs.' });
    const error = await stack.runAfter(first);
    expect(error).include({ code: 'CLUSTER', message: 'the CNI did not start' });
    expect((error as OrdealError).remedy)
      .include('Look at logs. Besides,')
      .and.include('stuck');
  });

  it('undoes what is deferred while it unwinds', async () => {
    const stack = new CleanupStack({ timeoutMs: 1_000 });
    let late = false;
    stack.defer('outer', () => {
      stack.defer('late', () => Promise.resolve(void (late = true)));
      return Promise.resolve();
    });
    await stack.run();
    expect(late).equal(true);
  });
});
