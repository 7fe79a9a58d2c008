import { manage, may } from '../kube/rights.ts';

/** To make Services and change them. */
export const serviceRights = may(manage, 'services');
/** To read the EndpointSlices of a Service. */
export const readSliceRights = may(['list'], 'endpointslices.discovery.k8s.io');
/** To make EndpointSlices by hand. */
export const sliceRights = may(manage, 'endpointslices.discovery.k8s.io');
export const deploymentRights = may(manage, 'deployments.apps');
export const statefulSetRights = may(manage, 'statefulsets.apps');
export const policyRights = may(manage, 'networkpolicies.networking.k8s.io');
/** To have pods go while their namespace stays. */
export const removePodRights = may(['delete'], 'pods');
