import { expect } from 'chai';
import { OrdealError } from '../base/errors.ts';
import { parseUpgradeOptions } from './upgrade-options.ts';

const defaults = { before: '20s', nodes: '20' };
const parse = (argv: readonly string[], flags: object) => parseUpgradeOptions(argv, { ...defaults, ...flags });
const refused = (argv: readonly string[], flags: object) => {
  try {
    parse(argv, flags);
    return 'nothing';
  } catch (error) {
    return error instanceof OrdealError && error.code === 'USAGE' ? error.message : 'another error';
  }
};

describe('flags of ordeal upgrade', () => {
  it('take one cluster and one thing that happens to it', () => {
    expect(parse(['helm', 'upgrade'], { kubeconfig: 'F' }).happening).to.deep.equal({
      kind: 'command',
      argv: ['helm', 'upgrade'],
    });
    expect(parse([], { name: 'x', for: '20m' }).happening).to.deep.equal({ kind: 'time', ms: 1_200_000 });
  });

  it('refuse none or two of either, before anything is made', () => {
    expect(refused([], { kubeconfig: 'F' })).to.include('what upgrades the cluster?');
    expect(refused(['x'], { kubeconfig: 'F', untilEnter: true })).to.include('what upgrades the cluster?');
    expect(refused(['x'], {})).to.include('which cluster?');
    expect(refused(['x'], { kubeconfig: 'F', name: 'y' })).to.include('which cluster?');
  });

  it('refuse what would be ignored, and values that are none', () => {
    expect(refused(['x'], { name: 'y', context: 'c' })).to.include('they need --kubeconfig');
    expect(refused(['x'], { kubeconfig: 'F', before: 'soon' })).to.include('--before soon');
  });
});
