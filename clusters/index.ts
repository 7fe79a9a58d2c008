import { fileURLToPath } from 'node:url';
import { OrdealError } from '../harness/base/errors.ts';
import { discover } from './discover.ts';
import type { Mesh } from './mesh-product.ts';
import { noMesh, otherCni } from './names.ts';
import type { Cni, Product } from './product.ts';

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Every CNI that a cluster can be made with. */
export const cnis: readonly Cni[] = await discover<Cni>(folder('cni'), 'cni');
/** Every mesh that can be asked for. */
export const meshes: readonly Mesh[] = await discover<Mesh>(folder('mesh'), 'mesh');
export const products: readonly Product[] = [...cnis, ...meshes];

export const cniNames: readonly string[] = cnis.map(({ name }) => name);
/** With `none`, first. */
export const meshNames: readonly string[] = [noMesh, ...meshes.map(({ name }) => name)];
/** What a run takes where nothing is asked for: its policy engine is the reference for NetworkPolicy v1. */
export const defaultCni = cniNamed('calico').name;

/** Returns the CNI of that name, or undefined for `other`. */
export function findCni(name: string): Cni | undefined {
  return cnis.find((cni) => cni.name === name);
}

/** Returns the mesh of that name, or undefined for `none`. */
export function findMesh(name: string): Mesh | undefined {
  return meshes.find((mesh) => mesh.name === name);
}

/** @throws OrdealError USAGE naming the CNIs there are. */
export function cniNamed(name: string): Cni {
  const found = findCni(name);
  if (found !== undefined) return found;
  throw new OrdealError('USAGE', `no CNI is called ${name}`, { remedy: `use one of ${cniNames.join(', ')}` });
}

/**
 * Returns what a CNI that an existing cluster has claims there, however it was installed: that policies hold, where it
 * is one that enforces them. One that has stopped to must not pass for one that never did.
 */
export function claimsOf(cni: string): Product['provides'] {
  return cni !== otherCni && findCni(cni)?.provides.NetworkPolicy === true ? { NetworkPolicy: true } : {};
}

/** Returns what the CNI and mesh of a cluster that we made declare. */
export function declaredOf({ cni, mesh }: { readonly cni: string; readonly mesh: string }): Product['provides'] {
  return { ...findCni(cni)?.provides, ...findMesh(mesh)?.provides };
}
