// Settings of the form: those that the link leaves out are not there.

import type { ComponentChildren } from 'preact';
import { fieldsOf } from '../../settings/presets.ts';
import type { Settings } from '../../settings/settings.ts';
import { Setting } from '../../ui/fields.tsx';
import { brief, percent } from '../../words/numbers.ts';
import { hintOf, isPart, labelOf } from './labels.ts';
import { isShown, preset, set, settings } from './settings-of.ts';

interface FormFieldsProps {
  readonly heading?: ComponentChildren;
  readonly names: readonly (keyof Settings)[];
  /** What stands behind them. */
  readonly children?: ComponentChildren;
}

/** See the top of this file. Nothing at all where none of them is there. */
export function FormFields({ heading, names, children }: FormFieldsProps) {
  const name = preset.value;
  const shown = names.filter(isShown);
  if (shown.length === 0) return null;
  const of = fieldsOf(name);
  return (
    <>
      {heading}
      <div class="fields">
        {shown.map((one) => (
          <Setting
            key={one}
            name={one}
            of={of}
            label={labelOf(one, name)}
            hint={hintOf(one, name)}
            value={settings.value[one]}
            written={isPart(one, name) ? percent : brief}
            onChange={(value, how) => set(one, value as never, how)}
          />
        ))}
        {children}
      </div>
    </>
  );
}
