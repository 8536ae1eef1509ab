import { expect, test } from 'vitest';
import { CharacterSet } from './character-set.ts';

test.each(['[a-z]', '[^a-z]', '\\p{L}', '\\P{L}', '[\\u0080]', '[^\\u0080]', '[\\x7f-\\x81é한]', '\\s', '[🙂é]'])(
  '%s has what the class has, for each of the first characters and some more',
  (source) => {
    const set = new CharacterSet(source);
    const pattern = new RegExp(source, 'u');
    const some = [...Array(0x180).keys(), 0x3b1, 0x2028, 0xd55c, 0x1f642, 0x10ffff];
    for (const code of [...some, ...some])
      expect([code, set.has(code)]).toEqual([code, pattern.test(String.fromCodePoint(code))]);
  },
);
