import { z } from 'zod';
import { InconclusiveError } from '../../base/errors.ts';
import { runOnNode } from '../../node/run.ts';
import type { FaultDriver } from '../driver.ts';
import { nodeAccess } from '../pod/victims.ts';

const Params = z.strictObject({ node: z.string() });
type Params = z.infer<typeof Params>;

const healthz = 'http://127.0.0.1:10248/healthz';
const refuses = 7;

/** Stops the kubelet of a node and starts it again; its containers run on. Seen by its health endpoint, which refuses. */
export const kubeletStop: FaultDriver<Params> = {
  name: 'kubelet-stop',
  summary: 'stops the kubelet of a node',
  targets: 'node',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, { node }) {
    const exec = nodeAccess(target, 'kubelet-stop');
    await runOnNode(exec, node, 'find the kubelet running', ['systemctl', 'is-active', '--quiet', 'kubelet']);
    const act = {
      site: { node },
      apply: 'systemctl stop kubelet',
      undo: 'systemctl start kubelet',
      isApplied: '! systemctl is-active --quiet kubelet',
    };
    return {
      title: `kubelet of ${node} stopped`,
      way: 'systemctl',
      acts: () => [act],
      effect: async () => {
        const { code, stderr } = await exec(node, [
          'curl',
          '--silent',
          '--max-time',
          '2',
          '--output',
          '/dev/null',
          healthz,
        ]);
        if (code !== 0 && code !== refuses && code !== 28)
          throw new InconclusiveError(`asking ${healthz} broke: ${stderr}`);
        return {
          present: code === refuses,
          seen: `${healthz} of ${node} ${code === refuses ? 'refuses' : 'is there'}`,
        };
      },
    };
  },
};
