import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { areasIn } from './areas.ts';
import { loadCases } from './load.ts';

const toyCase = (area: string) => `
export const testCase = {
  id: '${area}-toy', area: '${area}', title: 'Toy', tier: 'core', tags: [], needs: [], uses: [], exclusive: false,
  mostlyIdle: false, source: 'RFC 791', run: () => Promise.resolve(),
};
`;

describe('areas', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ordeal-suites-'));
    for (const area of ['faults', 'gateway', 'dns', 'rollout']) await mkdir(join(root, area));
    await writeFile(join(root, 'README.md'), '');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('are the folders of the suites, those that disturb a cluster last', () => {
    expect(areasIn(root)).to.deep.equal(['dns', 'gateway', 'rollout', 'faults']);
  });

  it('need no more than a folder with a case', async () => {
    await writeFile(join(root, 'gateway', 'toy.ts'), toyCase('gateway'));
    expect((await loadCases(root)).map(({ id }) => id)).to.deep.equal(['gateway-toy']);
  });

  it('are those of the folder: a case that says another is refused', async () => {
    await writeFile(join(root, 'gateway', 'toy.ts'), toyCase('dns'));
    const failure: unknown = await loadCases(root).catch((error: unknown) => error);
    expect(String(failure)).to.match(/case "dns-toy" is of area dns and lies in the folder of gateway/);
  });
});
