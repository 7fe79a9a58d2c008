import { expect } from 'chai';
import { describeError } from './errors.ts';

describe('describeError', () => {
  it('is one line, causes after what they caused', () => {
    const error = new Error('the cluster\n  is gone', { cause: new Error('no route', { cause: 'EHOSTUNREACH' }) });
    expect(describeError(error)).to.equal('the cluster is gone (cause: no route (cause: EHOSTUNREACH))');
  });

  it('does not tell twice what a message tells of its cause', () => {
    const cause = new Error('connect ECONNREFUSED');
    expect(describeError(new Error(`no agent: ${cause.message}`, { cause }))).to.equal(
      'no agent: connect ECONNREFUSED',
    );
  });

  it('takes what is no error as it is', () => {
    expect(describeError('stopped')).to.equal('stopped');
  });
});
