import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Timeouts } from '../base/timeouts.ts';
import { readFacts } from '../cluster/facts.ts';
import { nodeNames } from '../cluster/ownership.ts';
import type { FeatureState } from '../cluster/types.ts';
import { createFaultBench } from '../fault/bench.ts';
import { partition } from '../fault/drivers/partition.ts';
import { connect } from '../kube/connect.ts';
import { execInNode } from '../node/docker.ts';
import { dnsPodAcross } from './dns-pod-across.ts';

/**
 * A harness to be killed: `hold-partition.ts <cluster> <run folder> <deadline in ms>` cuts the pods of two nodes apart,
 * says `holding` once that is seen from outside, and never ends.
 */
const [cluster = '', folder = '', deadline = ''] = process.argv.slice(2);
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
const [from = '', to = ''] = await nodeNames(cluster);
const effect = async () => {
  const present = !(await dnsPodAcross(cluster));
  return { present, seen: present ? 'the DNS pod of the other node does not answer' : 'it answers' };
};
const fault = await bench.prepare(partition, { from, to, direction: 'both' }, { effect, deadlineMs: Number(deadline) });
await fault.inject();
process.stdout.write('holding\n');
await pause(2 ** 30);
