// The settings that the address stands for, and how a change of one gets into it.

import { computed } from '@preact/signals';
import { navigate, parameters } from '../../state/address.ts';
import { type Hideable, readHidden } from '../../settings/hidden.ts';
import { fieldsOf, isPreset, type PresetName } from '../../settings/presets.ts';
import { fields, readSettings, type Settings } from '../../settings/settings.ts';
import { usualSettings } from '../../training/usual-settings.ts';
import { ownData } from '../../state/own.ts';

/** The example that the address names. */
export const preset = computed<PresetName>(() => {
  const name = parameters.value.get('preset');
  return isPreset(name) ? name : 'stories';
});

/** What the settings are without an address. */
export const usual = computed(() => usualSettings(preset.value, ownData.value));
const read = computed(() => readSettings(parameters.value, usual.value, fieldsOf(preset.value)));
export const settings = computed(() => read.value.settings);
/** What a link asked for that cannot be. */
export const clamped = computed(() => read.value.clamped);

/** What the link leaves out of the form. */
export const hidden = computed(() => readHidden(parameters.value.get('hide')));
export const isShown = (name: Hideable): boolean => !hidden.value.names.has(name);

/** Sets one field; the address has it where it differs from the example. */
export function set<K extends keyof Settings>(name: K, value: Settings[K], how: 'push' | 'replace' = 'push'): void {
  // Other settings end in another SHA than the one that a link had.
  navigate({ [fields[name].path]: usual.value[name] === value ? null : String(value), sha: null }, how);
}

/** The address of an example with its own settings, for a link. */
export function addressOf(name: PresetName): Readonly<Record<string, string | null>> {
  const none = Object.fromEntries(Object.values(fields).map(({ path }) => [path, null]));
  return { ...none, preset: name === 'stories' ? null : name, changes: null, sha: null };
}

/** Another example, with its own settings. */
export const choose = (name: PresetName): void => navigate(addressOf(name));
