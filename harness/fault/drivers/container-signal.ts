import { z } from 'zod';
import type { FaultDriver } from '../driver.ts';
import { findContainer, pidOf } from '../container/find.ts';
import { nodeAccess } from '../pod/victims.ts';

const Params = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  uid: z.string().describe('of this very pod'),
  container: z.string().optional().describe('the first where none is named'),
  signal: z
    .enum(['TERM', 'KILL', 'INT', 'QUIT', 'STOP'])
    .default('KILL')
    .describe('STOP: it hangs, and goes on afterwards'),
});
type Params = z.infer<typeof Params>;

/**
 * Sends a signal to the first process of a container, in its pod, which stays. The kubelet starts what ended again: nothing
 * is to be undone then; what was stopped goes on.
 */
export const containerSignal: FaultDriver<Params> = {
  name: 'container-signal',
  summary: 'sends a signal to the first process of a container',
  targets: 'pod',
  params: Params,
  needs: ['NodeAccess'],
  async plan(target, params) {
    const { namespace, name, signal } = params;
    const exec = nodeAccess(target, 'container-signal');
    const before = await findContainer(target, 'container-signal', params);
    const stops = signal === 'STOP';
    const state = `ps -o stat= -p ${pidOf(before)}`;
    const act = {
      site: { node: before.node },
      apply: `kill -${signal} ${pidOf(before)}`,
      undo: stops ? `kill -CONT ${pidOf(before)} 2>/dev/null || true` : 'true',
      isApplied: stops ? `${state} | grep -q '^T'` : 'true',
    };
    return {
      title: `SIG${signal} to container ${before.name} of ${namespace}/${name}`,
      way: 'kill',
      ...(stops ? {} : { lasting: true as const }),
      acts: () => [act],
      effect: async () => {
        if (stops) {
          const { stdout } = await exec(before.node, ['sh', '-c', state]);
          return { present: stdout.trim().startsWith('T'), seen: `its process is in state ${stdout.trim() || 'gone'}` };
        }
        const now = await findContainer(target, 'container-signal', params);
        const present = now.restarts > before.restarts || !now.runs || now.id !== before.id;
        return {
          present,
          seen: `container ${now.name} ${now.runs ? 'runs' : 'does not run'}, started ${now.restarts} times again, ${before.restarts} before`,
        };
      },
    };
  },
};
