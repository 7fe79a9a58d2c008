export { provideExisting } from './existing.ts';
export { provideKind } from './kind/provide.ts';
export { provideKept } from './kind/reuse.ts';
