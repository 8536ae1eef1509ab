// Weights of a network on its way out, by name or alias.

import type { ExportedNetwork } from './network.ts';

/** A weight as float32; null where there is none of that name. */
export function floatsOf(
  { weights, aliases }: Pick<ExportedNetwork, 'weights' | 'aliases'>,
  name: string,
): { readonly shape: readonly number[]; readonly values: Float32Array } | null {
  const saved = weights.get(aliases.get(name) ?? name);
  if (!saved) return null;
  return {
    shape: saved.shape,
    values: saved.data instanceof Float32Array ? saved.data : Float32Array.from(saved.data),
  };
}
