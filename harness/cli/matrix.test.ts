import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { registerFuzz } from './fuzz.ts';
import { registerMatrix } from './matrix.ts';

const pod = (name: string, ports: string) => `
kind: Pod
apiVersion: v1
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: c, image: c, ports: [${ports}]}]}
---`;
const shop = `${pod('web', '')}${pod('db', '{containerPort: 5432}')}
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}}
---
kind: Service
apiVersion: v1
metadata: {name: data, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 53, protocol: UDP, targetPort: 5353}]}
`;

describe('cli: matrix and fuzz', function () {
  // Each command imports what it needs, which a busy machine takes its time over.
  this.timeout(60_000);
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-matrix-'));
    await writeFile(join(directory, 'shop.yaml'), shop);
  });
  after(() => rm(directory, { recursive: true }));
  let exitCode: typeof process.exitCode;
  beforeEach(() => (exitCode = process.exitCode));
  afterEach(() => (process.exitCode = exitCode));

  const run = async (...args: string[]) => {
    const written: string[] = [];
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerMatrix(
      program,
      (text) => void written.push(text),
      () => undefined,
    );
    registerFuzz(program, (text) => written.push(text));
    await program.parseAsync(args, { from: 'user' });
    return written.join('');
  };
  const matrix = (...args: string[]) => run('matrix', '--files', directory, ...args);
  const failure = (running: Promise<unknown>) => running.catch((error: unknown) => (error as Error).message);

  it('prints the expected table over the ports that pods declare', async () => {
    expect(await matrix()).to.match(/5432\/TCP\n +shop\/db\nshop\/web +X\nshop\/db +\.\n/);
  });

  it('asks about given ports and through Services', async () => {
    expect(await matrix('--port', '80,53/udp'))
      .to.contain('80/TCP 53/UDP')
      .and.to.contain('shop/web  shop/db');
    expect(await matrix('--services')).to.match(/53\/UDP\n +svc:shop\/data\nshop\/web +X/);
  });

  it('writes JSON with a reason for every cell', async () => {
    const rows = JSON.parse(await matrix('--json')) as { verdict: string; reason: { text: string } }[];
    expect(rows.map((row) => row.verdict)).to.deep.equal(['dropped', 'open']);
    expect(rows.every((row) => row.reason.text.startsWith(row.verdict))).to.equal(true);
  });

  it('says what is missing', async () => {
    expect(await failure(matrix('--namespace', 'none'))).to.equal('no pod to ask about in this model');
    expect(await failure(matrix('--port', 'http'))).to.contain('does not name a port');
    expect(await failure(matrix('--measure'))).to.contain('--measure needs --kubeconfig');
    expect(await failure(run('fuzz', 'networkpolicy'))).to.contain('give --kubeconfig FILE');
    expect(await failure(run('fuzz', 'networkpolicy', '--without', 'tcp'))).to.contain('not one of ipblock');
    expect(await failure(run('fuzz', 'networkpolicy', '--seed', 'x'))).to.contain('expected a whole number');
    const absent = run('fuzz', 'networkpolicy', '--kubeconfig', 'k', '--replay', join(directory, 'absent.yaml'));
    expect(await failure(absent)).to.contain('cannot be read');
  });
});
