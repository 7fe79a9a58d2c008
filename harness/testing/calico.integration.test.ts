import { expect } from 'chai';
import { execa } from 'execa';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../base/paths.ts';
import { installPacked } from './installed.ts';
import { reasonOf } from '../events/record.ts';
import { accountWithRights } from './account-with-rights.ts';
import { begin, caseOf, caseStatuses, failedTwice, holdAt, kindContainers, ordeal, scratch } from './ordeal-process.ts';
import { ownName } from './own-names.ts';

const name = ownName('calico');
/** What the run that made the cluster left in its nodes. */
const agentImage = 'ordeal.dev/node-runtime:22.23.3';
const roles = ['control-plane', 'worker', 'worker2'];
const node = (role: string) => `${name}-${role}`;
const inNode = (role: string, ...argv: string[]) => execa('docker', ['exec', node(role), ...argv]);
const kubectl = (...argv: string[]) =>
  inNode('control-plane', 'kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...argv);

/** One real Calico cluster: it conforms; then it is broken three ways, and each time the run says so. */
describe('Calico on a real cluster', function () {
  this.timeout(45 * 60_000);
  let folder = '';
  const run = (out: string, ...args: string[]) => {
    const image = ['--agent-image', agentImage];
    return begin(
      'run',
      '--kubeconfig',
      join(folder, 'kubeconfig'),
      '--allow-disruption',
      'all',
      '--yes',
      ...image,
      '--out',
      out,
      ...args,
    );
  };
  const rerun = async (what: string, ...include: string[]) => {
    const out = await scratch(what);
    const { ended } = run(out, ...include.flatMap((pattern) => ['--include', pattern]));
    return { ended: await ended, ...(await caseStatuses(out)) };
  };

  before(async () => {
    folder = await scratch('calico');
  });

  after(async () => {
    await ordeal('clean', '--name', name, '--force');
    expect(await kindContainers(name), 'node containers left behind').to.deep.equal([]);
  });

  it('conforms, and writes every report', async () => {
    const kept = ['--name', name, '--keep', '--out', folder];
    const ended = await ordeal('run', '--fix', '--cni', 'calico', '--all', '--exclude', 'tag:combination', ...kept);
    const { ids, run: record } = await caseStatuses(folder);
    const relapsed = ids('failed').length + ids('inconclusive').length > 0;
    const broken = await failedTwice(folder, 'calico');
    expect(broken.length, `cases that did not pass:\n${broken.join('\n')}`).to.equal(0);
    if (!relapsed) expect(ended.exitCode).to.equal(0);
    expect(record.cases.length).to.be.at.least(75);
    for (const file of ['run.ndjson', 'junit.xml', 'conformance.yaml', 'allure-results', 'report.html']) {
      await access(join(folder, file));
    }
  });

  it('is judged by the npm package, installed in an empty folder', async () => {
    const installed = await installPacked();
    const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
    expect((await installed.ordeal('--version')).stdout).to.equal(version);
    const listed = await installed.ordeal('list', '--json');
    expect(JSON.parse(listed.stdout)).to.deep.equal(JSON.parse((await ordeal('list', '--json')).stdout));
    const manifests = join(packageRoot, 'harness', 'oracle', 'inputs', '07-apiserver', 'all.yaml');
    const matrix = await installed.ordeal('matrix', '--files', manifests, '--port', '80');
    expect(matrix.exitCode, matrix.stderr).to.equal(0);
    const cases = ['dns-cluster-name', 'services-cluster-ip-every-node', 'networkpolicy-rule-deny-all-ingress'];
    const out = join(installed.folder, 'results');
    const argv = [
      'run',
      '--yes',
      '--kubeconfig',
      join(folder, 'kubeconfig'),
      '--agent-image',
      agentImage,
      '--out',
      out,
    ];
    const ended = await installed.ordeal(...argv, ...cases.flatMap((id) => ['--include', id]));
    expect(ended.exitCode, ended.stderr).to.equal(0);
    expect((await caseStatuses(out)).ids('passed')).to.have.members(cases);
  });

  const theirs = () => join(folder, 'kubeconfig');

  it('conforms for an account that has exactly the rights, and says which one is missing', async () => {
    const cases = [
      'dns-*',
      'services-cluster-ip-*',
      'services-manual-*',
      'networkpolicy-api-*',
      'connectivity-api-proxy',
    ];
    const include = cases.flatMap((pattern) => ['--include', pattern]);
    const account = await accountWithRights(theirs(), include, async (namespace, who) => {
      const { stdout } = await kubectl('-n', namespace, 'create', 'token', who, '--duration=3h');
      return stdout;
    });
    const plain = await scratch('rights');
    const allowed = await account.run(plain, ...include);
    const { ids } = await caseStatuses(plain);
    expect([...ids('failed'), ...ids('inconclusive')]).to.deep.equal([]);
    expect(allowed.exitCode).to.equal(0);
    await account.lose('networkpolicies');
    const poorer = await scratch('rights-missing');
    await account.run(poorer, '--include', 'networkpolicy-api-crud', '--include', 'dns-cluster-name');
    const { run: record, ids: ended } = await caseStatuses(poorer);
    expect([ended('passed'), ended('inconclusive')]).to.deep.equal([['dns-cluster-name'], ['networkpolicy-api-crud']]);
    expect(reasonOf(caseOf(record, 'networkpolicy-api-crud'))).to.match(/right to .*networkpolicies.*account/);
  });

  it('names DNS when CoreDNS is scaled to 0', async () => {
    await kubectl('-n', 'kube-system', 'scale', 'deployment/coredns', '--replicas=0');
    await kubectl('-n', 'kube-system', 'wait', '--for=delete', 'pod', '-l', 'k8s-app=kube-dns', '--timeout=90s');
    const { ended, ids } = await rerun(
      'no-dns',
      'dns-cluster-name',
      'dns-service-address',
      'connectivity-pod-to-pod-*',
    );
    await kubectl('-n', 'kube-system', 'scale', 'deployment/coredns', '--replicas=2');
    expect(ended.exitCode).to.equal(1);
    expect(ids('failed')).to.include.members(['dns-cluster-name', 'dns-service-address']);
    expect(ids('failed').filter((id) => !id.startsWith('dns-'))).to.deep.equal([]);
  });

  it('names Services when kube-proxy is stopped on one node', async () => {
    await inNode('worker', 'pkill', '-STOP', 'kube-proxy');
    const { ended, ids } = await rerun('no-proxy', 'services-cluster-ip-every-node', 'connectivity-pod-to-pod-*');
    await inNode('worker', 'pkill', '-CONT', 'kube-proxy');
    expect(ended.exitCode).to.equal(1);
    expect(ids('failed')).to.deep.equal(['services-cluster-ip-every-node']);
  });

  // Allow-all looks the same in force or not: its canary has to tell, and not the one of the case before.
  for (const victim of ['networkpolicy-rule-allow-all-ingress', 'networkpolicy-rule-deny-all-ingress']) {
    it(`names ${victim} when the policy agent is stopped before its policy is applied`, async () => {
      const { out, ended } = await withAgentStoppedBefore(victim);
      await signalAgents('CONT');
      await kubectl('-n', 'kube-system', 'rollout', 'status', 'daemonset/calico-node', '--timeout=120s');
      const { ids } = await caseStatuses(out);
      expect(ids('failed')).to.include(victim);
      expect(ended.exitCode).to.equal(1);
    });
  }

  /** Begins anew where the run was too quick to be held: between two cases there are milliseconds. */
  async function withAgentStoppedBefore(victim: string) {
    const first = 'networkpolicy-conflict-egress-deny-all-allow-all';
    // Calico drops traffic of pods its agent has never seen, so a first case shows that it knows them.
    const between = { at: settled(first), tooLate: started(victim) };
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const out = await scratch('no-felix');
      // The kubelet restarts an agent that has been silent for a minute.
      const soon = join(out, 'timeouts.yaml');
      await writeFile(soon, 'policySettleMs: 15000\nsettleMs: 15000\n');
      const running = run(out, '--concurrency', '1', '--timeouts', soon, '--include', first, '--include', victim);
      const held = await holdAt(running, out, between, () => signalAgents('STOP'));
      const ended = await running.ended;
      if (held) return { out, ended };
    }
    throw new Error(`no run of ${mostAttempts} could be held between ${first} and ${victim}`);
  }
});

const mostAttempts = 3;

const settled = (id: string) => new RegExp(`"case\\.step",.*"${id}","title":"settle`);
const started = (id: string) => new RegExp(`"case\\.started",.*"${id}"`);

/** The agent may have been restarted meanwhile, and then there is nothing to resume. */
async function signalAgents(signal: 'STOP' | 'CONT'): Promise<void> {
  const argv = ['pkill', `-${signal}`, '-f', 'calico-node -felix'];
  await Promise.all(roles.map((role) => inNode(role, ...argv).catch(() => undefined)));
}
