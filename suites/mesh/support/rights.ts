import { manage, may } from '../../../harness/kube/rights.ts';
import { serviceRights } from '../../../harness/workload/rights.ts';

/** To have the pods of a mesh fixture, and tell a mesh by objects: of Istio, of Linkerd. */
export const meshRights = [
  serviceRights,
  may(['create', 'patch'], 'serviceaccounts'),
  may(manage, 'peerauthentications.security.istio.io'),
  may(manage, 'authorizationpolicies.security.istio.io'),
  may(manage, 'destinationrules.networking.istio.io'),
  may(manage, 'servers.policy.linkerd.io'),
  may(manage, 'meshtlsauthentications.policy.linkerd.io'),
  may(manage, 'authorizationpolicies.policy.linkerd.io'),
];
