export { blockers, checkHost } from './check.ts';
export type { HostCheck } from './host-check.ts';
export { fixHost } from './fix.ts';
