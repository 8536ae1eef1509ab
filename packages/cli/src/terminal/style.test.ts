import { expect, test } from 'vitest';
import { hasColors, styleFor } from './style.ts';

const terminal = { isTTY: true, write: () => true };
const file = { isTTY: false, write: () => true };

test('there are colors on a terminal and none in a file', () => {
  expect(styleFor(terminal, {}).bold('x')).toBe('\x1b[1mx\x1b[22m');
  expect(styleFor(file, {}).bold('x')).toBe('x');
});

test('NO_COLOR, FORCE_COLOR and a dumb terminal are respected', () => {
  expect(hasColors(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(hasColors(terminal, { NO_COLOR: '' })).toBe(true);
  expect(hasColors(terminal, { TERM: 'dumb' })).toBe(false);
  expect(hasColors(file, { FORCE_COLOR: '1' })).toBe(true);
  expect(hasColors(terminal, { FORCE_COLOR: '0' })).toBe(false);
});
