// The address that trains a network again: example, settings that differ from it, changes, the SHA that it ended in, and what is left out of the form.

import { hashOf } from '../../state/address.ts';
import type { PresetName } from '../../settings/presets.ts';
import { differences, type Settings } from '../../settings/settings.ts';

interface LinkParts {
  readonly preset: PresetName;
  readonly settings: Settings;
  /** The settings that the link need not have. */
  readonly usual: Settings;
  readonly changes?: string | null;
  readonly sha?: string | null;
  readonly hide?: string | null;
}

/** See the top of this file. */
export function linkOf({ preset, settings, usual, changes, sha, hide }: LinkParts): string {
  const more = Object.entries({ changes, sha, hide }).flatMap(([name, value]) =>
    value ? [[name, value] as const] : [],
  );
  const parts = new Map<string, string>([['preset', preset], ...differences(settings, usual), ...more]);
  return location.href.split('#')[0] + hashOf(parts);
}
