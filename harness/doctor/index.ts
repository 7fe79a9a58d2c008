export { blockers, checkHost } from './check.ts';
export type { Finding } from './finding.ts';
export { fixHost } from './fix.ts';
