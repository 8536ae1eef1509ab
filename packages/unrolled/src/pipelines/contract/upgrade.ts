// Runs of earlier versions under today's names. Version 1 of config.json called images pictures and wrote colour; what it calls otherwise is renamed
// here, in one place, when a run is read, and all other code knows today's names alone. Nothing in the folder is changed.

import { requireKinds, requireText } from '../../checks.ts';
import type { StateDict } from '../../nn/module.ts';

/** The version of config.json that is written. */
export const configVersion = 2;

/** Renamed parts of keys and of parameter names. */
const renamed: readonly (readonly [RegExp, string])[] = [
  [/picture/g, 'image'],
  [/Picture/g, 'Image'],
  [/colour/g, 'color'],
  [/Colour/g, 'Color'],
];

/** Renamed values, by key. */
const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cell: { 'gru-before': 'gru-reset-before' },
  form: { blind: 'question-only' },
  split: { chance: 'random' },
};

const today = (name: string): string => renamed.reduce((text, [old, instead]) => text.replace(old, instead), name);

/** Converts a configuration of any earlier version to this version's form; others are returned unchanged. */
export function upgradeConfig<T>(config: T): T {
  const { version } = Object(config) as { readonly version?: unknown };
  return version === 1 ? { ...(upgraded(config, 0) as T), version: configVersion } : config;
}

const deepest = 32; // levels of a configuration
const longest = 2 ** 20; // items of a list that is looked into: a longer one holds numbers or symbols

function upgraded(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.length > longest ? value : value.map((item) => upgraded(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const known = Object.hasOwn(values, key) ? values[key] : {};
      const renamedValue = typeof item === 'string' && Object.hasOwn(known, item) ? known[item] : undefined;
      return [today(key), renamedValue ?? upgraded(item, depth + 1)];
    }),
  );
}

/** Renames the parameters of older weights. */
export function upgradeStateDict(state: StateDict): StateDict {
  requireKinds('upgradeStateDict', { state }, { state: 'map' });
  for (const name of state.keys()) requireText('upgradeStateDict', 'name', name);
  return new Map(Array.from(state, ([name, tensor]) => [today(name), tensor]));
}
