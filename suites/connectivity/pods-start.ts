export { podNetworkCase as testCase } from '../../harness/workload/pod-network.ts';
