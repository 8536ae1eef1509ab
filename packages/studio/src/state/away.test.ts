import { expect, test } from 'vitest';
import { Away } from './away.ts';

test('a computer that slept is told by the gap, a hidden tab whose timers come once a minute is none', () => {
  let now = 0;
  const away = new Away(() => now);
  for (const gap of [5000, 61_000, 5000]) {
    now += gap;
    expect(away.tick(10)).toBeNull();
  }
  now += 3_600_000;
  expect(away.tick(12)).toEqual({ kind: 'slept', seconds: 3600, step: 12 });
  now += 3_600_000;
  expect(away.tick(null)).toBeNull(); // nothing trains
});

test('after a while in which the tab was hidden, the steps that were taken are told', () => {
  let now = 0;
  const away = new Away(() => now);
  away.hide(100);
  now += 5000;
  expect(away.show(150)).toBeNull();
  away.hide(150);
  now += 60_000;
  expect(away.show(750)).toEqual({ kind: 'was-hidden', steps: 600, step: 750 });
  expect(away.show(800)).toBeNull();
});
