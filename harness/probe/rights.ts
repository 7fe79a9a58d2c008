import { may } from '../kube/rights.ts';
import { bundleName } from './pod-spec.ts';

/** What starting pods with agents, and asking those, takes. */
export const agentRights = [
  ...may(['create', 'get', 'list', 'watch'], 'pods'),
  // A WebSocket begins with GET; newer API servers check `create` for the stream itself besides.
  ...may(['get', 'create'], 'pods/portforward'),
  ...may(['get', 'create'], 'pods/exec'),
  ...may(['create', 'patch'], 'configmaps', { name: bundleName }),
  ...may(['list'], 'events'),
];
