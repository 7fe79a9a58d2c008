import { cniNamed, defaultCni } from '../../../clusters/index.ts';
import type { Kube, KubeObject, ObjectRef } from '../../kube/types.ts';
import type { Bed, BedNode } from './types.ts';

const node = (number: number): BedNode => ({
  ...{
    name: `n${number}`,
    ip: `192.0.2.${number}`,
    mac: `02:00:00:00:00:0${number}`,
    podCidrs: [`10.0.${number}.0/24`],
  },
});

const corefile = `.:53 {
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       ttl 30
    }
    cache 30 {
       disable success cluster.local
    }
}
`;

/** What a mutation reads of the cluster's own objects. */
const stored: Record<string, object> = {
  ConfigMap: { data: { Corefile: corefile } },
  Deployment: { spec: { replicas: 2, template: { metadata: {}, spec: {} } } },
  Service: {
    spec: {
      ports: [
        { name: 'dns', protocol: 'UDP' },
        { name: 'dns-tcp', protocol: 'TCP' },
      ],
    },
  },
};

const dnsPod = { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: { nodeName: 'n2' }, status: { podIP: '10.0.2.9' } };

/** Returns a bed of three nodes that notes every command and every change of an object. */
export function fakeBed(): { bed: Bed; touched: () => string[] } {
  const done: string[] = [];
  const get = (ref: ObjectRef): Promise<KubeObject> => {
    return Promise.resolve({
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      metadata: { name: ref.name },
      ...stored[ref.kind],
    });
  };
  const patch = (ref: ObjectRef, body: object) => {
    done.push(`patch ${ref.name} ${JSON.stringify(body)}`);
    return get(ref);
  };
  const kube = { get, patch, list: () => Promise.resolve([dnsPod]) } as Partial<Kube> as Kube;
  const [control, a, b] = [node(1), node(2), node(3)];
  const exec: Bed['exec'] = (name, argv) => {
    const reads = (argv[0] === 'ip' && argv.includes('show')) || argv.join(' ').includes('/var/run/netns/*');
    if (!reads) done.push(`${name}: ${argv.join(' ')}`);
    return Promise.resolve({ code: 0, stdout: '', stderr: '' });
  };
  const ranges = { podCidrs: ['10.0.0.0/16'], serviceCidrs: ['10.96.0.0/16'] };
  const bed = {
    cni: cniNamed(defaultCni),
    nodes: [control, a, b],
    kube,
    exec,
    deadlineMs: 1_000,
  } as const;
  return { bed: { ...bed, ...ranges, pair: [a, b] }, touched: () => done };
}
