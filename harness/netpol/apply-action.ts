import type { CaseContext } from '../case/types.ts';
import { podPorts } from './grid-layout.ts';
import type { GridState } from './state.ts';
import type { Action } from './types.ts';

const policyKind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };

/** Performs one action on the cluster and records it in the state the oracle judges. */
export async function applyAction(ctx: CaseContext, state: GridState, action: Action): Promise<void> {
  switch (action.do) {
    case 'apply': {
      const object = state.render(action.policy);
      await ctx.kube.apply({ ...object });
      state.policies.set(`${action.policy.namespace}/${action.policy.name}`, object);
      return;
    }
    case 'delete-policy':
      await ctx.kube.remove({
        ...policyKind,
        name: state.policyName(action.name),
        namespace: state.real(action.namespace),
      });
      state.policies.delete(`${action.namespace}/${action.name}`);
      return;
    case 'label-namespace': {
      const ref = { apiVersion: 'v1', kind: 'Namespace', name: state.real(action.namespace) };
      await ctx.kube.patch(ref, { metadata: { labels: action.labels } });
      state.relabelNamespace(action.namespace, action.labels);
      return;
    }
    case 'label-pod': {
      const ref = { apiVersion: 'v1', kind: 'Pod', name: action.pod, namespace: state.real(action.namespace) };
      await ctx.kube.patch(ref, { metadata: { labels: action.labels } });
      state.relabelPod(action.namespace, action.pod, action.labels);
      return;
    }
    default:
      await applyPodAction(ctx, state, action);
  }
}

type PodAction = Extract<Action, { do: 'create-pod' | 'delete-pod' | 'create-namespace' | 'delete-namespace' }>;

async function applyPodAction(ctx: CaseContext, state: GridState, action: PodAction): Promise<void> {
  switch (action.do) {
    case 'create-pod': {
      const namespace = state.real(action.namespace);
      const spec = { name: action.pod, namespace, labels: action.labels, ports: podPorts };
      ctx.defer(`pod ${action.pod}`, () => removePod(ctx, namespace, action.pod));
      const [agent] = await ctx.agents([spec]);
      if (agent === undefined) throw new Error(`pod ${action.pod} did not start`);
      const { namespace: namespaceKey, pod: name, labels } = action;
      state.pods.push({ namespaceKey, name, agent, service: undefined, labels });
      return;
    }
    case 'delete-pod':
      await removePod(ctx, state.real(action.namespace), action.pod);
      state.dropPods((pod) => pod.namespaceKey === action.namespace && pod.name === action.pod);
      return;
    case 'create-namespace': {
      const real = await ctx.namespace(action.key, action.labels);
      state.namespaces.set(action.key, { real, labels: action.labels });
      return;
    }
    case 'delete-namespace':
      await ctx.remove({ apiVersion: 'v1', kind: 'Namespace', name: state.real(action.key) });
      state.namespaces.delete(action.key);
      state.dropPods((pod) => pod.namespaceKey === action.key);
  }
}

function removePod(ctx: CaseContext, namespace: string, name: string): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Pod', name, namespace };
  return ctx.kube.remove(ref, { awaitGone: true, gracePeriodSeconds: 0 });
}
