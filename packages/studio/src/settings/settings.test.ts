import { expect, test } from 'vitest';
import { changesText, readChanges } from '../training/spec.ts';
import { fieldsOf, presetNames, presets } from './presets.ts';
import { defaults, differences, fieldNames, readField, readSettings } from './settings.ts';

test('what is written into a link is read from it again, and only what differs is written', () => {
  const settings = { ...defaults, cell: 'gru', hiddenSize: 33, lr: 0.00012, validation: 0 } as const;
  const texts = differences(settings, defaults);
  expect([...texts.keys()]).toEqual(['model.cell', 'model.hiddenSize', 'training.lr', 'data.validation']);
  expect(readSettings(texts, defaults)).toEqual({ settings, clamped: [] });
});

test('values beyond the limits in a link are clamped, and reported', () => {
  const texts = new Map([
    ['model.hiddenSize', '1e9'],
    ['model.cell', '__proto__'],
    ['training.batch', '2.4'],
    ['training.lr', 'NaN'],
    ['training.steps', ''],
    ['training.windowLength', '0x10'],
    ['data.validation', '-1'],
    ['unknown', '1'],
  ]);
  const { settings, clamped } = readSettings(texts, defaults);
  expect(settings).toEqual({ ...defaults, hiddenSize: 2048, batch: 2, validation: 0 });
  expect(clamped.map(({ name }) => name)).toEqual([
    'cell',
    'hiddenSize',
    'lr',
    'windowLength',
    'batch',
    'steps',
    'validation',
  ]);
});

test('every example is within the limits', () => {
  for (const name of presetNames)
    for (const field of fieldNames)
      expect([name, field, readField(field, String(presets[name][field]), fieldsOf(name))?.clamped]).toEqual([
        name,
        field,
        false,
      ]);
});

test('what is not made here has no noise, no amount and no other draw, whatever a link asks for', () => {
  const asked = new Map([
    ['data.noise', '0.5'],
    ['data.size', '100'],
    ['data.seed', '9'],
  ]);
  for (const name of ['sonnets', 'own-labeled'] as const) {
    const { settings, clamped } = readSettings(asked, presets[name], fieldsOf(name));
    expect(settings).toEqual(presets[name]);
    expect(clamped.length).toBe(3);
  }
  const { settings } = readSettings(asked, presets.dates, fieldsOf('dates'));
  expect(settings).toEqual({ ...presets.dates, noise: 0.5, dataSize: 100, dataSeed: 9 });
  expect(readSettings(new Map([['data.size', '1e9']]), presets.scenes, fieldsOf('scenes')).settings.dataSize).toBe(
    8000,
  );
});

test('changes of a run are read from a link as they were written; what is none is left out', () => {
  const changes = [
    { step: 12, lr: 0.001, clipNorm: 5 },
    { step: 90, lr: 5e-7, clipNorm: 0 },
  ];
  expect(readChanges(changesText(changes))).toEqual(changes);
  expect(readChanges('')).toEqual([]);
  expect(readChanges('5:0.1:1,x,3:0.1:1,7:-1:0,8:0.1,0x9:0.1:1,9:Infinity:1,9:0.2:0')).toEqual([
    { step: 5, lr: 0.1, clipNorm: 1 },
    { step: 9, lr: 0.2, clipNorm: 0 },
  ]);
});
