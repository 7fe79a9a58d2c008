import { everyNth } from '../base/every-nth.ts';
import type { Watch } from '../chaos/watch.ts';
import type { PathClass } from '../events/upgrade-events.ts';
import type { Lane, ServerPod } from './lane.ts';
import { everyTransport, lane } from './lanes-of-path.ts';
import { allowedPort, echoPort, forbiddenPort, httpPort, nodePortOf, type ServiceAddress } from './objects.ts';
import type { Rhythm } from './rhythm.ts';

/** What lanes lead to: pods by node, Services by what the API server gave them. */
export interface Scene {
  /** Nodes with both a plain and a guarded pod, and their addresses. */
  readonly nodes: readonly SceneNode[];
  readonly web: ServiceAddress;
  /** Full name of the headless Service. */
  readonly headless: string;
  readonly dnsName: string;
  readonly apiServer: string;
  readonly own: readonly Watch[];
  /** Sampled from so many nodes at most, evenly apart. */
  readonly mostNodes: number;
}

export interface SceneNode {
  readonly name: string;
  readonly ip: string;
  readonly plainIp: string;
  readonly guardedIp: string;
}

/** Returns every lane of a session: each node sends to itself, to the next one round a ring, and to every Service. */
export function planLanes(scene: Scene, rhythm: Rhythm): Lane[] {
  const nodes = everyNth(scene.nodes, scene.mostNodes);
  return nodes.flatMap((node, index) => {
    const next = nodes[(index + 1) % nodes.length] ?? node;
    return [
      ...podLanes(node, next, rhythm),
      ...serviceLanes(scene, node, next, rhythm),
      ...policyLanes(node, next, rhythm),
      ...infrastructureLanes(scene, node, rhythm),
    ];
  });
}

function podLanes(node: SceneNode, next: SceneNode, rhythm: Rhythm): Lane[] {
  const client = plain(node);
  const toPod = (to: SceneNode, pathClass: PathClass) =>
    everyTransport(
      client,
      { class: pathClass, to: `pod on ${to.name}`, server: plain(to), expected: 'open' },
      { host: to.plainIp, port: echoPort, httpPort },
      rhythm,
    );
  // A pod that asks its own address takes no path through the node: the guarded pod is the neighbour.
  const neighbour = everyTransport(
    { workload: 'guarded', node: node.name },
    { class: 'same-node', to: `pod on ${node.name}`, server: plain(node), expected: 'open' },
    { host: node.plainIp, port: echoPort, httpPort },
    rhythm,
  );
  return [...neighbour, ...(next === node ? [] : toPod(next, 'other-node'))];
}

function serviceLanes({ web, headless, own }: Scene, node: SceneNode, next: SceneNode, rhythm: Rhythm): Lane[] {
  const client = plain(node);
  const open = 'open' as const;
  const nodePort = { host: next.ip, port: nodePortOf(web, 'tcp'), httpPort: nodePortOf(web, 'http') };
  return [
    ...everyTransport(
      client,
      { class: 'cluster-ip', to: 'Service web', expected: open },
      { host: web.clusterIp, port: echoPort, httpPort },
      rhythm,
    ),
    ...everyTransport(
      client,
      { class: 'node-port', to: `NodePort of ${next.name}`, expected: open },
      { ...nodePort, udpPort: nodePortOf(web, 'udp') },
      rhythm,
    ),
    ...everyTransport(
      client,
      { class: 'headless', to: 'headless Service', expected: open },
      { host: headless, port: echoPort, httpPort },
      // Each attempt looks the name up as well.
      { ...rhythm, newTcpMs: 2 * rhythm.newTcpMs, newUdpMs: 2 * rhythm.newUdpMs },
    ).filter(({ connections }) => connections === 'new'),
    ...own.map(({ text, probe }) =>
      lane(client, { class: 'own', to: text, expected: open }, [probe.kind.toUpperCase(), 'new'], {
        probe: { ...probe, timeoutMs: rhythm.timeoutMs },
        everyMs: rhythm.newTcpMs,
        reuse: false,
      }),
    ),
  ];
}

function policyLanes(node: SceneNode, next: SceneNode, rhythm: Rhythm): Lane[] {
  const server = { workload: 'guarded', node: next.name } as const;
  const allowed = { class: 'policy-allow', to: `guarded pod on ${next.name}`, server, expected: 'open' } as const;
  const denied = { ...allowed, class: 'policy-deny', expected: 'closed' } as const;
  const { timeoutMs, newTcpMs, reusedUdpMs, denyMs } = rhythm;
  const ask = (kind: 'tcp' | 'udp', port: number) => ({ kind, host: next.guardedIp, port, timeoutMs }) as const;
  // What is forbidden gets no answer: waiting for one takes sockets, and a leak answers at once.
  const deny = (kind: 'tcp' | 'udp', port: number) => ({ ...ask(kind, port), timeoutMs: Math.min(timeoutMs, 500) });
  return [
    lane(plain(node), allowed, ['TCP', 'new'], { probe: ask('tcp', allowedPort), everyMs: newTcpMs, reuse: false }),
    lane(plain(node), allowed, ['UDP', 'reused'], {
      probe: ask('udp', allowedPort),
      everyMs: reusedUdpMs,
      reuse: true,
    }),
    lane(plain(node), denied, ['TCP', 'new'], { probe: deny('tcp', forbiddenPort), everyMs: denyMs, reuse: false }),
    lane(plain(node), denied, ['UDP', 'new'], { probe: deny('udp', forbiddenPort), everyMs: denyMs, reuse: false }),
    // Forbidden by who asks, not by the port.
    ...(next === node
      ? []
      : [
          lane(
            { workload: 'guarded', node: node.name },
            { ...denied, to: `${denied.to}, by its label` },
            ['TCP', 'new'],
            {
              probe: deny('tcp', allowedPort),
              everyMs: denyMs,
              reuse: false,
            },
          ),
        ]),
  ];
}

function infrastructureLanes({ dnsName, apiServer }: Scene, node: SceneNode, rhythm: Rhythm): Lane[] {
  const client = plain(node);
  const { dnsMs, timeoutMs, apiMs, apiTlsMs } = rhythm;
  const query = (transport: 'udp' | 'tcp') =>
    ({ kind: 'dns', name: dnsName, rrtype: 'A', transport, timeoutMs: 2 * timeoutMs }) as const;
  const dns = { class: 'dns', to: 'cluster DNS', expected: 'open' } as const;
  const api = { class: 'api-server', to: 'API server', expected: 'open' } as const;
  const answered = { rcodes: ['NOERROR'] };
  const handshake = { kind: 'tcp', host: apiServer, port: 443, timeoutMs, connectOnly: true } as const;
  const request = {
    kind: 'http',
    host: apiServer,
    port: 443,
    path: '/livez',
    tls: true,
    timeoutMs: 5 * timeoutMs,
  } as const;
  return [
    lane(client, dns, ['DNS/UDP', 'new'], { probe: query('udp'), everyMs: dnsMs, reuse: false, expect: answered }),
    lane(client, dns, ['DNS/TCP', 'new'], { probe: query('tcp'), everyMs: dnsMs, reuse: false, expect: answered }),
    lane(client, api, ['TCP', 'new'], { probe: handshake, everyMs: apiMs, reuse: false }),
    // 401 and 403 are answers of the API server too: it is there.
    lane(client, api, ['HTTPS', 'new'], {
      probe: request,
      everyMs: apiTlsMs,
      reuse: false,
      expect: { statuses: [200, 401, 403] },
    }),
  ];
}

const plain = ({ name }: SceneNode): ServerPod => ({ workload: 'plain', node: name });
