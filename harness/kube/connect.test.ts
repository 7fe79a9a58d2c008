import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { connect } from './connect.ts';

async function refusal(kubeconfig: string, context?: string): Promise<OrdealError> {
  const error: unknown = await connect(kubeconfig, context).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).instanceOf(OrdealError);
  return error as OrdealError;
}

const contexts = [
  'contexts:',
  '- {name: one, context: {cluster: c, user: u}}',
  '- {name: two, context: {cluster: c, user: u}}',
];
const clusters = [
  'clusters:',
  '- {name: c, cluster: {server: "https://127.0.0.1:1"}}',
  'users:',
  '- {name: u, user: {}}',
];

describe('connect', () => {
  it('names a kubeconfig file that cannot be read', async () => {
    const error = await refusal('/does/not/exist');
    expect(error.code).equal('USAGE');
    expect(error.message).include('/does/not/exist');
  });

  it('refuses what is not a kubeconfig', async () => {
    expect((await refusal('a: [b\n')).message).include('cannot be parsed');
  });

  it('lists the contexts there are', async () => {
    const error = await refusal([...clusters, ...contexts, ''].join('\n'), 'three');
    expect(error.message).include('no context "three"; it has one, two');
  });

  it('refuses a kubeconfig without a current context', async () => {
    const error = await refusal([...clusters, ...contexts, ''].join('\n'));
    expect(error.message).include('no context');
  });
});
