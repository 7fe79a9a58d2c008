import type { MeshName } from '../names.ts';
import { istio } from './istio.ts';
import { linkerd } from './linkerd.ts';
import type { MeshSpec } from './types.ts';

/** Every mesh that can be asked for. */
export const meshes: Readonly<Record<Exclude<MeshName, 'none'>, MeshSpec>> = { istio, linkerd };
