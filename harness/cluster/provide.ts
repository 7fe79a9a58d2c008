export { provideExisting } from './existing.ts';
export { provideKind } from './kind/provide.ts';
