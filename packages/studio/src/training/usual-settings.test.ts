import { expect, test } from 'vitest';
import { StreamBatcher, Windows } from 'unrolled/data';
import { horizonOf } from './tasks/forecast.ts';
import { streamsOf } from './tasks/text.ts';
import { presets } from '../settings/presets.ts';
import { usualSettings } from './usual-settings.ts';

test.each([5, 27, 100, 500, 1000, 1200, 5000])('a text of %i characters can be learned as it is', (characters) => {
  const settings = usualSettings('own', { kind: 'text', text: 'h'.repeat(characters) });
  const { train } = streamsOf(new Int32Array(characters), settings);
  expect(train).toBeInstanceOf(StreamBatcher);
  if (characters > 2000) expect(settings).toEqual(presets.own);
});

test.each([8, 20, 144, 240, 1000])('a series of %i rows can be learned as it is', (rows) => {
  const series = { names: ['y'], values: new Float64Array(rows) };
  const settings = usualSettings('own-series', { kind: 'series', series });
  const length = settings.windowLength;
  const to = Math.floor(rows * (1 - settings.validation));
  const windows = new Windows(series, { length, horizon: horizonOf(length), from: 0, to });
  expect(windows.count).toBeGreaterThan(to / 3);
  if (rows >= 300) expect(settings).toEqual(presets['own-series']);
});

test('examples have their own, whatever is given', () => {
  expect(usualSettings('stories', { kind: 'text', text: 'hello' })).toBe(presets.stories);
  expect(usualSettings('own-series', null)).toBe(presets['own-series']);
});
