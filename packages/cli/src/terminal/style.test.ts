import { expect, test } from 'vitest';
import { hasColours, styleFor } from './style.ts';

const terminal = { isTTY: true, write: () => true };
const file = { isTTY: false, write: () => true };

test('there are colours on a terminal and none in a file', () => {
  expect(styleFor(terminal, {}).bold('x')).toBe('\x1b[1mx\x1b[22m');
  expect(styleFor(file, {}).bold('x')).toBe('x');
});

test('NO_COLOR, FORCE_COLOR and a dumb terminal are respected', () => {
  expect(hasColours(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(hasColours(terminal, { NO_COLOR: '' })).toBe(true);
  expect(hasColours(terminal, { TERM: 'dumb' })).toBe(false);
  expect(hasColours(file, { FORCE_COLOR: '1' })).toBe(true);
  expect(hasColours(terminal, { FORCE_COLOR: '0' })).toBe(false);
});
