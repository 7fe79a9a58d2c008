import { ownedLabels } from '../kube/objects.ts';
import type { KubeObject } from '../kube/types.ts';
import type { AgentBundle } from './bundle.ts';
import { agentContainer, bundleName, type PodContext, podSpec } from './pod-spec.ts';
import type { AgentPodSpec, PodTemplate } from './agent-pod-spec.ts';

type TemplateSpec = Omit<AgentPodSpec, 'name'>;

function metadata(spec: TemplateSpec, context: PodContext): PodTemplate['metadata'] {
  return {
    labels: { ...context.labels, ...spec.labels, ...ownedLabels(context.runId) },
    annotations: { 'kubectl.kubernetes.io/default-container': agentContainer, ...spec.annotations },
  };
}

/** Returns the template (labels, annotations, spec) of pods that run the agent, for a workload's `spec.template`. */
export function podTemplate(spec: TemplateSpec, context: PodContext): PodTemplate {
  return { metadata: metadata(spec, context), spec: podSpec(spec, context) };
}

/** Returns a Pod that runs the agent. */
export function podManifest(spec: AgentPodSpec, context: PodContext): KubeObject {
  const { name, namespace } = spec;
  const named = { name, namespace, ...metadata(spec, context) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: named, spec: podSpec(spec, context) };
}

/** Returns the ConfigMap the pods of one namespace read the agent from. */
export function bundleManifest(namespace: string, bundle: AgentBundle, runId: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: bundleName, namespace, labels: ownedLabels(runId) },
    immutable: true,
    data: { 'agent.cjs': bundle.code },
  };
}
