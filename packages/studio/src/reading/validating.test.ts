import { expect, test } from 'vitest';
import { validating } from './validating.ts';

const filler = 'x'.repeat(4000);

test('a text that validates begins with a whole line', () => {
  const verses = 'thus the clock ticks.\nAnd then it stops.\n';
  const cut = `${filler}clocks.\n${verses.repeat(60)}`;
  const part = 1 - 4003 / cut.length; // in the middle of "clocks."
  expect(validating(cut, part)).toBe(verses.repeat(60));
  expect(validating(`${filler}\n${verses.repeat(60)}`, part)).toBe(verses.repeat(60).slice(0, 2600));
});
