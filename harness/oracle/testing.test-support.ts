import type { ClusterModel } from './model-types.ts';
import { parse } from 'yaml';
import { podRef } from './all-pairs.ts';
import { gridModel } from './grid-model.test-support.ts';
import { judge } from './judge.ts';
import { NetworkPolicy, type Protocol } from '../kube/network-policy.ts';
import type { Judgement } from './types.ts';

/** Returns a policy from the `spec` in YAML, as a reader of the documentation would write it. */
export function policy(key: string, spec: string): NetworkPolicy {
  const [namespace, name] = key.split('/');
  return NetworkPolicy.parse({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name },
    spec: parse(spec) as unknown,
  });
}

/** Returns the 3x3 grid under these policies. */
export const grid = (...networkPolicies: NetworkPolicy[]): ClusterModel => gridModel({ networkPolicies });

/** Returns the judgement of `x/a` -> `y/b` on a port, pod address to pod address. */
export function ask(model: ClusterModel, from: string, to: string, port = 80, protocol: Protocol = 'TCP'): Judgement {
  return judge(model, { from: podRef(from), to: podRef(to), port, protocol });
}
