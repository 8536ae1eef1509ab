import { describe, expect, test } from 'vitest';
import { styleFor } from './style.ts';
import { coloredText } from './colored-text.ts';
import { csvCell, jsonText, visible } from './visible.ts';

/** Anything a terminal obeys, but line breaks and tabs. */
const obeyed = new RegExp(
  String.raw`[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]`,
  'u',
);

describe('what is hidden in a text is written out', () => {
  test.each([
    ['a title', '\x1b]0;pwned\x07x', '\\x1b]0;pwned\\x07x'],
    ['the clipboard', '\x1b]52;c;cm0=\x1b\\', '\\x1b]52;c;cm0=\\x1b\\'],
    ['concealed text', '\x1b[8mhidden\x1b[0m', '\\x1b[8mhidden\\x1b[0m'],
    ['a sequence of C1', '\x9b2J', '\\x9b2J'],
    ['a cursor that goes back', 'good\rbad', 'good\\rbad'],
    ['rubbed out', 'ab\x7f\b', 'ab\\x7f\\x08'],
    ['another direction', 'a\u202etxt.exe\u202c', 'a\\u202etxt.exe\\u202c'],
    ['isolates', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['no width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['tags', 'a\u{e0041}\u{e007f}', 'a\\u{e0041}\\u{e007f}'],
    ['selectors without an ideograph', 'a\u{e0101}', 'a\\u{e0101}'],
    ['a filler', '\u3164', '\\u3164'],
    ['a line that is none', 'a\u2028b', 'a\\u2028b'],
  ])('%s', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test.each([
    ['lines and tabs', 'a\tb\nc\r\nd'],
    ['emoji', '👩‍👩‍👧 ❤️ 🇰🇷'],
    ['a flag made of tags', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    ['Persian with a non-joiner', 'می\u200cخواهم'],
    ['combining marks and Korean letters', 'cafe\u0301 한국어 \u1112\u1161\u11ab'],
    ['a variant of an ideograph', '葛\u{e0100}'],
  ])('%s stay as they are', (_what, text) => {
    expect(visible(text)).toBe(text);
  });

  test('every control and every sign of direction there is', () => {
    const all = Array.from({ length: 0xe0200 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);
    const passed = all.filter((code) => obeyed.test(visible(`x${String.fromCodePoint(code)}y`)));
    expect(passed).toEqual([]);
  });

  test('our own styling passes where there are colors, and nothing that only resembles it', () => {
    const style = styleFor({ isTTY: true, write: () => true }, {});
    for (const paint of Object.values(style)) {
      expect(visible(paint('x'), { colors: true })).toBe(paint('x'));
      expect(visible(paint('x'))).not.toMatch(obeyed);
    }
    const [line] = coloredText(['a', 'b'], [0.9, -0.9], { width: 80, lines: 1, colors: true });
    expect(visible(line, { colors: true })).toBe(line);
    for (const other of ['\x1b[8m', '\x1b[30m', '\x1b[1;8m', '\x1b[2J', '\x1b[38;5;0m', '\x1b[1', '\x1b'])
      expect(visible(other, { colors: true })).not.toMatch(obeyed);
  });
});

test('JSON says the very text with its own escapes', () => {
  const value = { label: '\x9b2J \u202e \u{e0041} \x7f 한 👩‍👩‍👧', n: 1 };
  expect(jsonText(value)).not.toMatch(obeyed);
  expect(JSON.parse(jsonText(value))).toEqual(value);
});

test('a cell of CSV that a spreadsheet would compute stays a text, and numbers stay numbers', () => {
  expect(csvCell('=HYPERLINK("http://x","y")')).toBe('"\'=HYPERLINK(""http://x"",""y"")"');
  expect(['+1+1', '-x', '@SUM(A1)', '\tx'].map(csvCell)).toEqual(["'+1+1", "'-x", "'@SUM(A1)", "'\tx"]);
  expect(csvCell('\r=1')).toBe('"\'\r=1"');
  expect([-1.5, '-1.5', '+3e-4', '2024-01-01', 'a,b'].map(csvCell)).toEqual([
    '-1.5',
    '-1.5',
    '+3e-4',
    '2024-01-01',
    '"a,b"',
  ]);
});
