import type { SamplerSpec } from './agent-types.ts';
import type { AgentPort } from './types.ts';

/** What to start as a probe pod. Always satisfies PodSecurity `restricted` unless `hostNetwork`. */
export interface AgentPodSpec {
  readonly name: string;
  /** Real namespace; must exist. */
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: readonly AgentPort[];
  /** Pin to a node by name; absent = scheduler. */
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly serviceAccount?: string;
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly dnsConfig?: {
    nameservers?: string[];
    searches?: string[];
    options?: { name: string; value?: string }[];
  };
  readonly terminationGracePeriodSeconds?: number;
  /** Keeps the pod serving this long after it was told to go, before SIGTERM (`preStop: sleep`). */
  readonly preStopSeconds?: number;
  /** After SIGTERM: serve this long, then close and exit. 0 = at once. Absent = serve until killed. */
  readonly drainMs?: number;
  /** Nobody will turn its readiness off, so it is not asked each second: with fifty pods that adds up. */
  readonly steady?: boolean;
  /** Starts with the agent's first line, before it serves or is Ready. */
  readonly bootSample?: SamplerSpec;
}

/** A pod template that runs the agent, ready to be put under a workload's `spec.template`. */
export interface PodTemplate {
  readonly metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  readonly spec: Record<string, unknown>;
}
