import { z } from 'zod';
import { findCni } from '../../../clusters/index.ts';
import { OrdealError } from '../../base/errors.ts';
import type { FaultDriver, FaultTarget } from '../driver.ts';
import { pause } from './pause.ts';

const Params = z.strictObject({
  node: z.string().describe('name of the node it runs on'),
  component: z.enum(['cni-agent', 'kube-proxy', 'kubelet']).describe('what hangs'),
});
type Params = z.infer<typeof Params>;

/** Ports of the health endpoints, the same wherever kubeadm set a node up. */
const kubeProxyHealth = (ip: string) => `http://${ip}:10256/healthz`;
const kubeletHealth = 'http://127.0.0.1:10248/healthz';

/** Hangs (SIGSTOP) a part of the network's control plane on one node, seen by its health endpoint; see `pause`. */
export const componentPause: FaultDriver<Params> = {
  name: 'component-pause',
  summary: 'hangs the CNI agent, kube-proxy or the kubelet of a node',
  targets: 'node',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, { node, component }) {
    return pause.plan(target, { node, ...processOf(target, node, component) });
  },
};

function processOf({ info }: FaultTarget, node: string, component: Params['component']) {
  const ip = info.nodes.find(({ name }) => name === node)?.ip;
  if (ip === undefined) {
    const names = info.nodes.map(({ name }) => name).join(', ');
    throw new OrdealError(
      'USAGE',
      `parameters of the fault component-pause: there is no node ${node}; nodes: ${names}`,
    );
  }
  const asked = (process: string, url: string) => ({ process, health: { askedFrom: node, url } });
  if (component === 'kube-proxy') return asked('kube-proxy', kubeProxyHealth(ip));
  if (component === 'kubelet') return asked('kubelet', kubeletHealth);
  const agent = info.cni === undefined ? undefined : findCni(info.cni)?.agent;
  if (agent?.health !== undefined) return asked(agent.command, agent.health);
  throw new OrdealError('FAULT', `the agent of CNI ${info.cni ?? 'unknown'} has no health endpoint to see it hang by`, {
    remedy: 'The fault `pause` hangs a process by name, with an effect of your own.',
  });
}
