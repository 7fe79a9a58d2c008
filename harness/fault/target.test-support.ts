import type { Feature } from '../../clusters/names.ts';
import type { FeatureState } from '../cluster/types.ts';
import type { NodeInfo } from '../kube/nodes.ts';
import type { Kube } from '../kube/types.ts';
import { FakeNode } from '../node/fake-node.test-support.ts';
import type { NodeExec } from '../node/types.ts';
import type { FaultTarget } from './driver.ts';

const offered: readonly Feature[] = ['NodeAccess', 'MultiNode'];

export interface TargetOfTests {
  readonly nodes?: readonly NodeInfo[];
  readonly exec?: NodeExec;
  readonly kube?: Partial<Kube>;
  readonly lacks?: readonly Feature[];
}

/** A cluster for drivers under test, whose nodes can be entered. */
export function targetOf({
  nodes = [],
  exec = new FakeNode().exec,
  kube = {},
  lacks = [],
}: TargetOfTests): FaultTarget {
  const features = new Map(
    offered.map((feature): [Feature, FeatureState] => {
      const observed = !lacks.includes(feature);
      return [feature, { feature, observed, declared: 'unknown', evidence: `${feature} was looked for` }];
    }),
  );
  return { kube: kube as Kube, nodeExec: exec, info: { name: 'c', nodes, podCidrs: ['10.244.0.0/16'], features } };
}
