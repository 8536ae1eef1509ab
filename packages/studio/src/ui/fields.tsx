// Form fields of the table of settings.

import { useId } from 'preact/hooks';
import { type Field, fields, readField, type Settings } from '../settings/settings.ts';

interface SettingProps<K extends keyof Settings> {
  readonly name: K;
  readonly label: string;
  readonly hint?: string;
  readonly value: Settings[K];
  readonly onChange: (value: Settings[K]) => void;
}

/** One setting: a list for a choice, a number within its limits for the rest. */
export function Setting<K extends keyof Settings>({ name, label, hint, value, onChange }: SettingProps<K>) {
  const id = useId();
  const field: Field = fields[name];
  const take = (text: string) => {
    const read = readField(name, text);
    onChange((read ? read.value : value) as Settings[K]);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {field.kind === 'choice' ? (
        <select id={id} value={String(value)} onChange={(event) => take(event.currentTarget.value)}>
          {field.of.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
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
            event.currentTarget.value = String(readField(name, event.currentTarget.value)?.value ?? value);
          }}
        />
      )}
      {hint && <small>{hint}</small>}
    </div>
  );
}
