import { expect, test } from 'vitest';
import { settingsIn } from './form.ts';
import { hiddenText, readHidden } from './hidden.ts';
import { presetNames } from './presets.ts';

test('controls are left out by the paths of the settings, and what is unknown is kept', () => {
  const hidden = readHidden('training.lr,later.thing,preset,,training.lr,__proto__');
  expect([...hidden.names].sort()).toEqual(['lr', 'preset']);
  expect(hiddenText(hidden)).toBe('preset,training.lr,later.thing,__proto__');
  expect(hiddenText(readHidden(undefined))).toBeNull();
});

test('the form of an example has each setting once', () => {
  for (const name of presetNames) {
    const names = settingsIn(name);
    expect([name, new Set(names).size]).toEqual([name, names.length]);
  }
  expect(settingsIn('own-labeled')).not.toContain('noise');
  expect(settingsIn('adding')).not.toContain('validation');
});
