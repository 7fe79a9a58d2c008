import { expect } from 'chai';
import { parseManifests } from './manifest-documents.ts';
import { decodeText } from './manifest-text.ts';

describe('oracle: manifests as kubectl reads them', () => {
  const values = (text: string) => parseManifests(text, 'f.yaml').objects.map(({ value }) => value);
  const read = (text: string) => values(text)[0];

  it('takes the words of YAML 1.1, but leaves times and base-60 numbers text', () => {
    // Checked against sigs.k8s.io/yaml v1.6.0.
    expect(read('{a: yes, b: n, c: off, d: 010, e: 1_000, f: 0x1F, g: ~}')).to.deep.equal({
      ...{ a: true, b: false, c: false, d: 8, e: 1000, f: 31, g: null },
    });
    expect(read('{a: 12:30, b: 2026-01-01, c: 2026-01-01T00:00:00Z}')).to.deep.equal({
      ...{ a: '12:30', b: '2026-01-01', c: '2026-01-01T00:00:00Z' },
    });
    expect(read('on: 1')).to.deep.equal({ true: 1 });
  });

  it('merges keys, and takes any number of aliases but no bomb of them', () => {
    expect(read('{a: &x {b: 1, c: 1}, d: {<<: *x, c: 2}}')).to.deep.equal({ a: { b: 1, c: 1 }, d: { b: 1, c: 2 } });
    const many = Array.from({ length: 5000 }, () => '*x').join(', ');
    expect(read(`{a: &x {b: 1}, c: [${many}]}`))
      .to.have.property('c')
      .with.length(5000);
    const bomb = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
    const { faults } = parseManifests(['a0: &a0 [x]', ...bomb].join('\n'), 'f.yaml');
    expect(faults.join()).to.match(/^f\.yaml:1: Excessive alias count/);
  });

  it('unfolds lists of any type, whose items may leave their kind to the list', () => {
    const typed = '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}]}';
    expect(values(typed)).to.deep.equal([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }]);
    const nested = '{kind: List, apiVersion: v1, items: [{kind: List, apiVersion: v1, items: [{a: 1}]}, {b: 2}]}';
    expect(values(nested)).to.deep.equal([{ a: 1 }, { b: 2 }]);
  });

  it('reads JSON that is no YAML', () => {
    expect(values('{\n\t"a": 1\n}')).to.deep.equal([{ a: 1 }]);
    expect(values('{"a":1}\n{"a":2}\n')).to.deep.equal([{ a: 1 }, { a: 2 }]);
  });

  it('tells of a broken document with its line, and reads the others', () => {
    const { objects, faults } = parseManifests('a: 1\n---\nb: [\n---\nc: 3\n', 'f.yaml');
    expect(objects.map(({ value }) => value)).to.deep.equal([{ a: 1 }, { c: 3 }]);
    expect(faults).to.have.length(1);
    expect(parseManifests('a: 1\na: 2', 'f.yaml').notes.join()).to.contain('f.yaml:2: a key is written twice');
    expect(parseManifests('a:\n  {{- include "x" . }}\n', 'f.yaml').faults.join()).to.contain('helm template');
  });

  it('names an encoding it does not read', () => {
    expect(decodeText(Buffer.from('\uFEFFkind: Pod'))).to.deep.equal({ text: 'kind: Pod' });
    expect(decodeText(Buffer.from('\uFEFFkind', 'utf16le')))
      .to.have.property('fault')
      .that.contains('UTF-16 (little');
    expect(decodeText(Buffer.from('kind', 'utf16le')))
      .to.have.property('fault')
      .that.contains('UTF-16');
    expect(decodeText(Buffer.from([0x6b, 0xff, 0xff])))
      .to.have.property('fault')
      .that.contains('not UTF-8');
  });
});
