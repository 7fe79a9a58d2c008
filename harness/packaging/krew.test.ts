import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../base/paths.ts';
import { krewManifest } from './krew.ts';

const Plugin = z.object({
  metadata: z.object({ name: z.literal('ordeal') }),
  spec: z.object({
    version: z.string().regex(/^v\d+\.\d+\.\d+$/),
    shortDescription: z.string().max(50),
    platforms: z.array(z.object({ uri: z.url(), sha256: z.string().length(64), bin: z.string() })).length(4),
  }),
});

describe('what is released', () => {
  it('has a manifest that krew takes, leading to the archive by its digest', () => {
    const release = { version: '1.2.3', repository: 'a/b', file: 'ordeal-krew-1.2.3.tar.gz', sha256: 'f'.repeat(64) };
    const [platform] = Plugin.parse(parse(krewManifest(release))).spec.platforms;
    expect(platform).to.include({
      uri: 'https://github.com/a/b/releases/download/v1.2.3/ordeal-krew-1.2.3.tar.gz',
      sha256: release.sha256,
    });
  });

  it('is made by actions that are pinned to a commit', () => {
    const folder = join(packageRoot, '.github', 'workflows');
    const files = [...readdirSync(folder).map((name) => join(folder, name)), join(packageRoot, 'action.yml')];
    const used = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/uses: (\S+)/g)].map(([, name]) => name),
    );
    expect(used).not.to.be.empty;
    expect(used.filter((name) => name !== './' && !/@[0-9a-f]{40}$/.test(name ?? ''))).to.deep.equal([]);
  });
});
