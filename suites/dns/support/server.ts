import { isIPv6 } from 'node:net';
import type { CaseContext } from '../../../harness/case/types.ts';
import { dnsServerScript } from './server-script.ts';
import { serve, type Served } from '../../../harness/workload/serve.ts';
import { may } from '../../../harness/kube/rights.ts';

/** Zone the test server is authoritative for; `.test` is reserved and never resolves elsewhere (RFC 6761). */
export const zone = 'ordeal.test';
const port = 5353;
const file = 'server.mjs';
/** To have a name server, its ConfigMap and its Service. */
export const nameServer = [
  ...may(['create', 'patch'], 'configmaps', { name: 'name-server' }),
  ...may(['patch'], 'pods'),
];

const labels = { app: 'name-server' };

/**
 * Starts a small authoritative name server in the case's namespace and a Service on port 53 in front of it.
 * `records` maps a name inside `zone` to its IPv4 address; every other name is NXDOMAIN.
 */
export async function startNameServer(ctx: CaseContext, records: Readonly<Record<string, string>>): Promise<Served> {
  const namespace = await ctx.namespace();
  const place = { name: 'name-server', namespace };
  const data = { [file]: dnsServerScript };
  await ctx.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: place, data });
  await ctx.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...place, labels },
    spec: podSpec(ctx, JSON.stringify(records)),
  });
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP', targetPort: port },
    { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: port },
  ] as const;
  return serve(ctx, { ...place, selector: labels, ports });
}

function podSpec(ctx: CaseContext, table: string): Record<string, unknown> {
  const family = isIPv6(ctx.cluster.info.dnsIp) ? 'udp6' : 'udp4';
  const command = ['node', `/srv/dns/${file}`, String(port), family, table];
  const resources = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } };
  const container = {
    name: 'name-server',
    image: ctx.cluster.agentImage,
    imagePullPolicy: 'IfNotPresent',
    command,
    resources,
    readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'server', mountPath: '/srv/dns' }],
  };
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
    volumes: [{ name: 'server', configMap: { name: 'name-server' } }],
  };
}
