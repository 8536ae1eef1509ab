import { describe, expect, test } from 'vitest';
import { captionOptions } from '../caption/options.ts';
import { textOptions } from '../text/options.ts';
import { translateOptions } from '../translate/options.ts';
import { settle } from './options.ts';
import type { OptionTable } from './option-table.ts';
import { presetLines, presetValues } from './preset.ts';

const tables: Readonly<Record<string, OptionTable>> = {
  text: textOptions,
  translate: translateOptions,
  caption: captionOptions,
};

/** As the command settles them: preset, configuration file, flags. */
function settled(table: OptionTable, file: Record<string, unknown>, flags: Record<string, unknown>) {
  return settle('train', table, { ...presetValues('train', table, flags, file), ...file }, flags);
}

const all = Object.entries(tables).flatMap(([task, table]) =>
  Object.entries((table.preset as { presets: Record<string, { values: Record<string, unknown> }> }).presets).map(
    ([name, preset]) => [name, task, table, preset.values] as const,
  ),
);

test('the papers of the lecture have presets', () => {
  expect(all.map(([name]) => name)).toEqual([
    'min-char-rnn',
    'char-rnn',
    'keras-addition',
    'sutskever',
    'bahdanau',
    'show-attend-tell',
  ]);
});

describe.each(all)('%s', (name, _task, table, set) => {
  test('sets options that the command has, to values that it allows and that mean something together', () => {
    const values = settled(table, {}, { preset: name }) as Record<string, unknown>;
    for (const [key, value] of Object.entries(set)) expect(values[key], key).toBe(value);
  });

  test('is printed with all it sets', () => {
    const lines = presetLines(table, settled(table, {}, { preset: name }) as Record<string, unknown>);
    expect(lines[0]).toMatch(new RegExp(`^preset ${name}: .*`));
    for (const value of Object.values(set)) if (typeof value !== 'boolean') expect(lines[1]).toContain(String(value));
    expect(lines.join('\n')).not.toContain('overridden');
  });
});

test('flags go before the configuration file, and that before the preset', () => {
  const values = settled(textOptions, { preset: 'char-rnn', hidden: 64, layers: 3 }, { layers: 1, minutes: 2 });
  expect(values).toMatchObject({ cell: 'lstm', hidden: 64, layers: 1, minutes: 2, epochs: null, seqLength: 50 });
  const lines = presetLines(textOptions, values as Record<string, unknown>).join('\n');
  expect(lines).toContain('overridden: --hidden 64 instead of 128, --layers 1 instead of 2, no --epochs instead of 50');
});

test('the flag --preset goes before that of the file', () => {
  expect(settled(textOptions, { preset: 'char-rnn' }, { preset: 'min-char-rnn' })).toMatchObject({ cell: 'rnn' });
});

test('a preset that is not there is refused with the one that was meant', () => {
  expect(() => settled(textOptions, {}, { preset: 'char-rn' })).toThrow('there is no char-rn; did you mean char-rnn?');
  expect(presetLines(textOptions, { preset: null })).toEqual([]);
});
