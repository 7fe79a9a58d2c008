import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Timeouts } from '../base/timeouts.ts';
import { readFacts } from '../cluster/facts.ts';
import type { FeatureState } from '../cluster/types.ts';
import { createFaultBench } from '../fault/bench.ts';
import { loss } from '../fault/drivers/loss.ts';
import { partition } from '../fault/drivers/partition.ts';
import { taint } from '../fault/drivers/taint.ts';
import { connect } from '../kube/connect.ts';
import { execInNode } from '../node/docker.ts';
import { dnsEnds, dnsPodAcross, dnsPods } from './dns-pod-across.ts';

/**
 * A harness to be killed: `hold-fault.ts <cluster> <run folder> <deadline in ms> <kind>` injects a fault, says `holding` once it is
 * seen from outside, and never ends. Kinds: `partition` of the nodes' pods (rules of a node), `queue` at the DNS pods (a
 * program on a node), `taint` (a change in the API server).
 */
const [cluster = '', folder = '', deadline = '', kind = 'partition'] = process.argv.slice(2);
const kube = await connect(join(folder, 'kubeconfig'));
const facts = await readFacts(kube);
const seen = (feature: FeatureState['feature']): [FeatureState['feature'], FeatureState] => [
  feature,
  { feature, observed: true, declared: 'unknown', evidence: 'kind' },
];
const features = new Map([seen('NodeAccess'), seen('MultiNode')]);
const bench = createFaultBench({
  cluster: { kube, nodeExec: execInNode, info: { ...facts, podCidrs: ['10.244.0.0/16'], name: cluster, features } },
  runId: cluster,
  stateDir: folder,
  timeouts: Timeouts.parse({}),
  emit: (event) => void process.stderr.write(`${JSON.stringify(event)}\n`),
});
const { pod, asker } = await dnsEnds(cluster);
const deadlineMs = Number(deadline);
const effect = async () => {
  const present = !(await dnsPodAcross(cluster));
  return { present, seen: present ? 'the DNS pod of the other node does not answer' : 'it answers' };
};

async function prepare() {
  if (kind === 'taint') {
    const node = [pod.node, asker].find((name) => !name.endsWith('control-plane')) ?? asker;
    return bench.prepare(taint, { node, key: 'ordeal.dev/fault', value: 'true', effect: 'NoSchedule' }, { deadlineMs });
  }
  if (kind === 'queue') {
    const pods = (await dnsPods(cluster)).map(({ name }) => ({ namespace: 'kube-system', name }));
    const bursts = { percent: 50, mode: 'bursts', burst: 5, direction: 'both' } as const;
    return bench.prepare(loss, { pods, ...bursts }, { deadlineMs });
  }
  return bench.prepare(partition, { from: asker, to: pod.node, direction: 'both' }, { effect, deadlineMs });
}

await (await prepare()).inject();
process.stdout.write('holding\n');
await pause(2 ** 30);
