import { EventEmitter, once } from 'node:events';
import type { Change, Kube, KubeObject } from '../kube/types.ts';
import type { LocalAgent } from './local-agent.test-support.ts';

export type Status = Record<string, unknown>;
export const ready: Status = {
  phase: 'Running',
  podIP: '10.0.0.7',
  podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }],
  conditions: [{ type: 'Ready', status: 'True' }],
};

const refuse = (verb: string) => () => Promise.reject(new Error(`unexpected ${verb}`));

/** An API server made of a map: pods get the status the test gave their name; port-forward leads to a local agent. */
export class FakePods implements Kube {
  readonly pods: KubeObject[] = [];
  readonly applied: string[] = [];
  follows = 0;
  following = 0;
  private readonly changed = new EventEmitter();
  private readonly statuses: Record<string, Status>;
  private readonly agent: LocalAgent;

  constructor(agent: LocalAgent, statuses: Record<string, Status>) {
    this.agent = agent;
    this.statuses = statuses;
  }

  apply = <T extends KubeObject>(object: T): Promise<T> => {
    this.applied.push(`${object.kind} ${object.metadata.namespace ?? ''}`);
    return Promise.resolve(object);
  };
  create = <T extends KubeObject>(object: T): Promise<T> => {
    const status = this.statuses[object.metadata.name ?? ''] ?? ready;
    const spec = { ...(object['spec'] as object), nodeName: 'n1' };
    this.pods.push({ ...object, spec, status });
    this.changed.emit('pod');
    return Promise.resolve(object);
  };
  list = ({ kind }: { kind: string }): Promise<KubeObject[]> => {
    if (kind === 'Event') {
      return Promise.resolve([
        this.event('b', 'FailedScheduling', 'too many pods'),
        this.event('c', 'FailedCreatePodSandBox', 'failed to setup network for sandbox: no addresses left'),
        this.event('d', 'FailedCreatePodSandBox', 'failed to get sandbox image: network is unreachable'),
        this.event('cut-off', 'Unhealthy', 'Startup probe failed: Get "http://10.0.0.7/": context deadline exceeded'),
        this.event('deaf', 'Unhealthy', 'Startup probe failed: Get "http://10.0.0.7/": context deadline exceeded'),
      ]);
    }
    return Promise.resolve([]);
  };
  async *follow(query: unknown, signal: AbortSignal): AsyncGenerator<Change> {
    this.follows += 1;
    this.following += 1;
    for (let next = 0; !signal.aborted;) {
      const object = this.pods[next];
      if (object === undefined) await once(this.changed, 'pod', { signal }).catch(() => undefined);
      else yield { object, gone: false };
      if (object !== undefined) next += 1;
    }
    this.following -= 1;
  }
  portForward = () => this.agent.transport.open();
  private event = (name: string, reason: string, message: string): KubeObject => {
    return { apiVersion: 'v1', kind: 'Event', metadata: {}, involvedObject: { name }, reason, message };
  };

  applyAll = refuse('applyAll');
  get: Kube['get'] = refuse('get');
  patch = refuse('patch');
  remove = refuse('remove');
  removeAll = refuse('removeAll');
  until = refuse('until');
  untilRolledOut = refuse('untilRolledOut');
  exec = refuse('exec');
  logs = refuse('logs');
  raw = refuse('raw');
  close = () => Promise.resolve();
}
