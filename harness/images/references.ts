import type { Component } from '../../clusters/component.ts';
import { mirrored } from './registry.ts';

/** One image registry mode pulls: from where, the reference manifests know it by, whether it is the node itself. */
export interface PulledReference {
  readonly from: string;
  readonly reference: string;
  readonly role: 'load' | 'node';
}

/** Returns what registry mode pulls: nothing that every published node image holds already. */
export function pulledReferences(
  components: readonly Component[],
  registry: string | undefined,
): readonly PulledReference[] {
  return components.flatMap((component) => {
    const role = component.role ?? 'load';
    if (role === 'stock') return [];
    return Object.keys(component.images ?? {}).map((reference) => {
      const upstream = component.upstream?.[reference] ?? reference;
      return { reference, role, from: registry === undefined ? upstream : mirrored(reference, registry) };
    });
  });
}
