import { expect } from 'chai';
import { policy } from '../oracle/testing.test-support.ts';
import { realPolicy } from './real-names.ts';

describe('fuzz: real names', () => {
  it('renames the namespace and the automatic name label, and nothing else', () => {
    const drawn = policy(
      'x/p',
      `{podSelector: {matchLabels: {pod: x}}, ingress: [{from: [
        {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "y", ns: "y"}}},
        {namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: ["x", "y"]},
          {key: kubernetes.io/metadata.name, operator: Exists}]}},
        {podSelector: {}}]}]}`,
    );
    const names = new Map([
      ['x', 'ord-1-x'],
      ['y', 'ord-2-y'],
    ]);
    const { metadata, spec } = realPolicy(drawn, names, { 'ordeal.dev/run': 'r' });
    expect(metadata).to.deep.equal({ name: 'p', namespace: 'ord-1-x', labels: { 'ordeal.dev/run': 'r' } });
    expect(spec.podSelector).to.deep.equal({ matchLabels: { pod: 'x' } });
    expect(spec.ingress?.[0]?.from).to.deep.equal([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ord-2-y', ns: 'y' } } },
      {
        namespaceSelector: {
          matchExpressions: [
            { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['ord-1-x', 'ord-2-y'] },
            { key: 'kubernetes.io/metadata.name', operator: 'Exists' },
          ],
        },
      },
      { podSelector: {} },
    ]);
  });
});
