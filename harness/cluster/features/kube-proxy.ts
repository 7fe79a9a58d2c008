import { timeoutsInForce } from '../../base/timeouts.ts';
import { parse } from 'yaml';
import { z } from 'zod';
import { may } from '../../kube/rights.ts';
import { readIfAllowed } from '../read-if-allowed.ts';
import { seen, type Detector, type DetectionContext } from './types.ts';

const Pod = z.looseObject({ spec: z.looseObject({ nodeName: z.string().optional() }) });
const ConfigMap = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });
const Config = z.looseObject({ mode: z.string().default('') });

/** Whether kube-proxy does the Services here, and in which mode. */
export const kubeProxy: Detector = {
  features: ['KubeProxy'],
  rights: may(['get'], 'configmaps', { namespace: 'kube-system', name: 'kube-proxy' }),
  detect: async (context) => {
    const query = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', labelSelector: 'k8s-app=kube-proxy' };
    const pods = await context.kube.list(query);
    const nodes = pods.flatMap((pod) => Pod.parse(pod).spec.nodeName ?? []);
    const [node] = nodes;
    if (node === undefined) return [seen('KubeProxy', false, 'no pod k8s-app=kube-proxy in kube-system')];
    const mode = (await askNode(context, node)) ?? (await readConfig(context)) ?? 'unknown';
    return [seen('KubeProxy', true, `kube-proxy in mode ${mode} on ${nodes.length} node(s)`)];
  },
};

/** The mode in force: an empty setting lets kube-proxy choose. Undefined where the node cannot be asked. */
async function askNode({ nodeExec }: DetectionContext, node: string): Promise<string | undefined> {
  const curl = ['curl', '-s', '--max-time', '2', 'http://127.0.0.1:10249/proxyMode'];
  const answer = await nodeExec?.(node, curl, { timeoutMs: timeoutsInForce().nodeCommandMs }).catch(() => undefined);
  return answer?.code === 0 && /^\w+$/.test(answer.stdout) ? answer.stdout : undefined;
}

async function readConfig({ kube }: DetectionContext): Promise<string | undefined> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'kube-proxy' };
  const object = await readIfAllowed(kube.get(ref));
  if (object === undefined) return undefined;
  const text = ConfigMap.parse(object).data['config.conf'];
  const { data } = Config.safeParse(parse(text ?? ''));
  return data === undefined ? undefined : data.mode || 'iptables (the default)';
}
