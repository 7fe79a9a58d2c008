import type { AgentPodSpec, PodTemplate } from './agent-pod-spec.ts';
import type { Agent } from './agent-types.ts';

/** What the engine needs of the probe room; a fake one tests the engine without a cluster. */
export interface FleetDriver {
  start(specs: readonly AgentPodSpec[]): Promise<Agent[]>;
  adopt(pod: { namespace: string; name: string }): Promise<Agent>;
  template(spec: Omit<AgentPodSpec, 'name'>): Promise<PodTemplate>;
}
