// Form fields of the table of settings.

import { useId } from 'preact/hooks';
import { type Fields, readField, type Settings } from '../settings/settings.ts';

interface SettingProps<K extends keyof Settings> {
  readonly name: K;
  /** The fields with their limits. */
  readonly of: Fields;
  readonly label: string;
  readonly hint?: string;
  readonly value: Settings[K];
  /** How a slider's number is written. */
  readonly written: (n: number) => string;
  /** `replace` while a slider moves. */
  readonly onChange: (value: Settings[K], how: 'push' | 'replace') => void;
}

/** One setting: a list for a choice, a slider for a part, a number within its limits for the rest. */
export function Setting<K extends keyof Settings>({
  name,
  of,
  label,
  hint,
  value,
  written,
  onChange,
}: SettingProps<K>) {
  const id = useId();
  const field = of[name];
  const take = (text: string, how: 'push' | 'replace' = 'push') => {
    const read = readField(name, text, of);
    onChange((read ? read.value : value) as Settings[K], how);
  };
  const isSlider = field.kind !== 'choice' && field.slider !== undefined;
  return (
    <div class="field">
      <label for={id}>
        {label} {isSlider && <output for={id}>{written(Number(value))}</output>}
      </label>
      {field.kind === 'choice' ? (
        <select id={id} value={String(value)} onChange={(event) => take(event.currentTarget.value)}>
          {field.of.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      ) : isSlider ? (
        <input
          id={id}
          type="range"
          min={field.min}
          max={field.max}
          step={field.slider}
          value={String(value)}
          aria-valuetext={written(Number(value))}
          onInput={(event) => take(event.currentTarget.value, 'replace')}
        />
      ) : (
        <input
          id={id}
          type="number"
          inputMode="decimal"
          min={field.min}
          max={field.max}
          step={field.kind === 'integer' ? 1 : 'any'}
          value={String(value)}
          onChange={(event) => {
            take(event.currentTarget.value);
            event.currentTarget.value = String(readField(name, event.currentTarget.value, of)?.value ?? value);
          }}
        />
      )}
      {hint && <small>{hint}</small>}
    </div>
  );
}
