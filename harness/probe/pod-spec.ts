import { createHash } from 'node:crypto';
import { agentPath, defaultControlPort } from './transport.ts';
import type { AgentPodSpec } from './agent-pod-spec.ts';

/** What every probe pod of a run has in common. */
export interface PodContext {
  readonly agentImage: string;
  readonly runId: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Name of the container the agent runs in; a mesh may add others to the pod. */
export const agentContainer = 'agent';

/** `nobody` of distroless images: no such user need exist in the image. */
const agentUser = 65_532;
const firstPlainPort = 1_024;

/** The ConfigMap of a namespace that holds the agent: one name, so that an account needs no right to change any other. */
export const bundleName = 'ordeal-agent';

type TemplateSpec = Omit<AgentPodSpec, 'name'> & { readonly name?: string };

/*
 * Agents on the node's network share its loopback, so each needs its own control and readiness port. 20000-27999 is
 * clear of NodePorts (30000-32767) and of the kernel's ephemeral ports (from 32768).
 */
function privatePorts(spec: TemplateSpec): { controlPort: number; readyPort: number } {
  if (spec.hostNetwork !== true) return { controlPort: defaultControlPort, readyPort: defaultControlPort + 1 };
  const identity = JSON.stringify([spec.namespace, spec.name, spec.labels, spec.ports]);
  const slot = createHash('sha256').update(identity).digest().readUInt16BE() % 4_000;
  return { controlPort: 20_000 + 2 * slot, readyPort: 20_001 + 2 * slot };
}

function environment(spec: TemplateSpec, ports: { controlPort: number; readyPort: number }): object[] {
  const { drainMs, hostNetwork, bootSample: boot } = spec;
  const config = { ports: spec.ports ?? [], ...ports, udpPerAddress: hostNetwork === true, drainMs, boot };
  return [
    { name: 'ORDEAL_AGENT', value: JSON.stringify(config) },
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    // Node sizes its heap by the machine, not by the pod's limit.
    { name: 'NODE_OPTIONS', value: '--max-old-space-size=96 --max-semi-space-size=4' },
    // getaddrinfo blocks a thread each; a row may look up many names at once.
    { name: 'UV_THREADPOOL_SIZE', value: '32' },
  ];
}

function needsRoot(spec: TemplateSpec): boolean {
  return spec.hostNetwork === true && (spec.ports ?? []).some(({ port }) => port < firstPlainPort);
}

function containerSecurity(spec: TemplateSpec): object {
  const capabilities = needsRoot(spec) ? { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } : { drop: ['ALL'] };
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities };
}

/** The node's own sysctls are not a pod's to set; a host agent with low ports runs as root instead. */
function podSecurity(spec: TemplateSpec): object {
  const root = needsRoot(spec);
  const sysctls = spec.hostNetwork === true ? [] : [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }];
  const identity = { runAsNonRoot: !root, runAsUser: root ? 0 : agentUser, runAsGroup: root ? 0 : agentUser };
  return { ...identity, seccompProfile: { type: 'RuntimeDefault' }, sysctls };
}

function container(spec: TemplateSpec, image: string): object {
  const ports = privatePorts(spec);
  const served = (spec.ports ?? []).map(({ port, protocol, name }) => ({
    containerPort: port,
    protocol: protocol === 'HTTP' ? 'TCP' : protocol,
    name,
  }));
  const lifecycle =
    spec.preStopSeconds === undefined ? undefined : { preStop: { sleep: { seconds: spec.preStopSeconds } } };
  return {
    name: agentContainer,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', agentPath],
    env: environment(spec, ports),
    ports: served,
    ...readinessProbes(spec, ports.readyPort),
    lifecycle,
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } },
    securityContext: containerSecurity(spec),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: 'agent', mountPath: '/ordeal', readOnly: true }],
  };
}

/**
 * The kubelet asks for readiness at once when the startup probe succeeds, unless it started less than one period ago:
 * then it waits a random part of the period first (prober/worker.go), so a long one would hold up a new cluster.
 */
function readinessProbes(spec: TemplateSpec, port: number): object {
  const asked = { httpGet: { path: '/', port }, periodSeconds: 1, timeoutSeconds: 3, failureThreshold: 1 };
  if (spec.steady !== true) return { readinessProbe: asked };
  return { startupProbe: { ...asked, failureThreshold: 120 }, readinessProbe: { ...asked, periodSeconds: 10 } };
}

function graceSeconds(spec: TemplateSpec): number {
  const drainSeconds = Math.ceil((spec.drainMs ?? 0) / 1000);
  return spec.terminationGracePeriodSeconds ?? (spec.preStopSeconds ?? 0) + drainSeconds + 1;
}

function spread(spec: TemplateSpec, runId: string): object[] {
  if (spec.node !== undefined) return [];
  // Counted among the run's pods of the namespace; by own labels each pod of a grid would be alone.
  const labelSelector = { matchLabels: { 'ordeal.dev/run': runId } };
  return [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector }];
}

function defaultDnsPolicy(spec: TemplateSpec): string {
  return spec.hostNetwork === true ? 'ClusterFirstWithHostNet' : 'ClusterFirst';
}

/** Returns the `spec` of a pod that runs the agent; admitted by PodSecurity `restricted` unless `hostNetwork`. */
export function podSpec(spec: TemplateSpec, context: PodContext): Record<string, unknown> {
  return {
    nodeName: spec.node,
    hostNetwork: spec.hostNetwork,
    hostname: spec.hostname,
    subdomain: spec.subdomain,
    serviceAccountName: spec.serviceAccount,
    dnsPolicy: spec.dnsPolicy ?? defaultDnsPolicy(spec),
    dnsConfig: spec.dnsConfig,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds(spec),
    topologySpreadConstraints: spread(spec, context.runId),
    securityContext: podSecurity(spec),
    containers: [container(spec, context.agentImage)],
    volumes: [{ name: 'agent', configMap: { name: bundleName } }],
  };
}
