import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { registerExplain } from './explain.ts';

const shop = `
kind: Pod
apiVersion: v1
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: c, image: c}]}
---
kind: Pod
apiVersion: v1
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {nodeName: n1, containers: [{name: c, image: c}]}
---
kind: Service
apiVersion: v1
metadata: {name: data, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432, targetPort: 6432}]}
---
kind: Node
apiVersion: v1
metadata: {name: n1}
---
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 6432}]}]
`;

describe('cli: explain', function () {
  // Each command imports what it needs, which a busy machine takes its time over.
  this.timeout(60_000);
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-explain-'));
    await writeFile(join(directory, 'shop.yaml'), shop);
  });
  after(() => rm(directory, { recursive: true }));

  let exitCode: typeof process.exitCode;
  beforeEach(() => (exitCode = process.exitCode));
  afterEach(() => (process.exitCode = exitCode));

  const run = async (...args: string[]) => {
    const written: string[] = [];
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerExplain(
      program,
      (text) => void written.push(text),
      (text) => void written.push(text),
    );
    await program.parseAsync(['explain', '--files', directory, ...args], { from: 'user' });
    return written.join('');
  };
  const failure = (...args: string[]) => run(...args).catch((error: unknown) => (error as Error).message);

  it('names the rule that admits and the policy that isolates', async () => {
    expect(await run('--from', 'shop/web', '--to', 'shop/db:6432')).to.equal(
      'open: shop/db ingress rule 1 peer 1 admits shop/web on TCP 6432\n' +
        '  ingress admitted: shop/db ingress rule 1 peer 1 admits shop/web on TCP 6432\n',
    );
    expect(await run('--from', 'shop/web', '--to', 'shop/db:6432/udp')).to.match(
      /^dropped: ingress of shop\/db isolated by shop\/db/,
    );
  });

  it('understands Services, nodes and addresses', async () => {
    expect(await run('--from', 'shop/web', '--to', 'shop/data:5432')).to.contain(
      'Service shop/data -> shop/db TCP 6432',
    );
    expect(await run('--from', 'shop/web', '--to', 'svc:shop/data:5432')).to.match(/^open/);
    expect(await run('--from', 'node:n1', '--to', 'shop/web:80')).to.match(/^open/);
    expect(await run('--from', '203.0.113.1', '--to', 'shop/db:6432')).to.match(/^dropped/);
    expect(await run('--from', 'shop/web', '--to', '[fd00::1]:80')).to.match(/^open/);
  });

  it('writes JSON with the deciding rule', async () => {
    const json: unknown = JSON.parse(await run('--from', 'shop/web', '--to', 'shop/db:6432', '--json'));
    expect(json).to.have.nested.property('reason.ingress.rule', 1);
  });

  it('says what is wrong with ends, ports and missing sources', async () => {
    expect(await failure('--from', 'shop/web', '--to', 'shop/db')).to.contain('does not name a port');
    expect(await failure('--from', 'shop/web', '--to', 'shop/db:70000')).to.contain('does not name a port');
    expect(await failure('--from', 'shop/nobody', '--to', 'shop/db:80')).to.equal('no pod shop/nobody in this model');
    expect(await failure('--from', 'a/b', '--to', 'c/d:1', '--kubeconfig', 'x')).to.contain('give either --files');
  });

  it('judges without what it had to leave out, and ends 4 for it, or refuses it all when asked to be strict', async () => {
    const bad = join(directory, 'bad.yaml');
    const policy = '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop},';
    await writeFile(bad, `${policy} spec: {podSelector: {}, ingress: [{ports: [{port: "80"}]}]}}`);
    try {
      const said = await run('--from', 'shop/web', '--to', 'shop/db:6432');
      expect(said).to.match(/^left out: .*bad\.yaml:1: NetworkPolicy shop\/p: .*no port name.*\nopen: /);
      expect(process.exitCode).to.equal(4);
      expect(await failure('--strict', '--from', 'shop/web', '--to', 'shop/db:6432')).to.contain('no port name');
    } finally {
      await rm(bad);
    }
  });
});
