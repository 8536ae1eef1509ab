// Which controls a link leaves out of the form.

import { type Signal, useSignal } from '@preact/signals';
import { settingsIn } from '../../settings/form.ts';
import type { Hidden, Hideable } from '../../settings/hidden.ts';
import type { PresetName } from '../../settings/presets.ts';
import { dataWords } from './data-words.ts';
import { labelOf } from './labels.ts';

/** See the top of this file. */
export function LeaveOut({ hidden, preset }: { readonly hidden: Signal<Hidden>; readonly preset: PresetName }) {
  const w = dataWords.value;
  const open = useSignal(false);
  const names: readonly Hideable[] = ['preset', ...settingsIn(preset)];
  const change = (name: Hideable) => {
    const next = new Set(hidden.value.names);
    if (!next.delete(name)) next.add(name);
    hidden.value = { ...hidden.value, names: next };
  };
  return (
    <details class="more" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary class="quiet">{w.leaveOut}</summary>
      {open.value && (
        <fieldset class="compare">
          <legend>{w.leave}</legend>
          {names.map((name) => (
            <label class="toggle" key={name}>
              <input type="checkbox" checked={hidden.value.names.has(name)} onChange={() => change(name)} />
              {labelOf(name, preset)}
            </label>
          ))}
        </fieldset>
      )}
    </details>
  );
}
