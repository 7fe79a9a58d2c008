export { blockers, checkHost, type Need } from './check.ts';
export type { Finding, FindingState } from './finding.ts';
export { fixHost, type FixOptions } from './fix.ts';
export { kernelFeatures, type KernelPart, type PartState } from './kernel.ts';
export { cgroupVersion } from './machine.ts';
export { thisHost, type Host } from './host.ts';
