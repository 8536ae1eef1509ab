import { describe, expect, test } from 'vitest';
import { Random } from '../../random.ts';
import { trainBytePairs } from './byte-pair-training.ts';
import { byteCharacters, fromByteCharacters, toByteCharacters } from './bytes.ts';

/** The definition: count every pair of every word anew, take the most frequent, of equally frequent ones the smallest ids. */
function define(words: ReadonlyMap<string, number>, tokens: string[], size: number, minCount: number): string[] {
  let spelled = Array.from(words, ([word, n]) => ({ ids: Array.from(word, (c) => tokens.indexOf(c)), n }));
  const merges: string[] = [];
  while (tokens.length < size) {
    const counts = new Map<string, { left: number; right: number; n: number }>();
    for (const { ids, n } of spelled)
      for (const [k, right] of ids.slice(1).entries()) {
        const pair = counts.get(`${ids[k]} ${right}`) ?? { left: ids[k], right, n: 0 };
        pair.n += n;
        counts.set(`${ids[k]} ${right}`, pair);
      }
    const [best] = [...counts.values()].sort((a, b) => b.n - a.n || a.left - b.left || a.right - b.right);
    if (best === undefined || best.n < minCount) break;
    merges.push(`${tokens[best.left]} ${tokens[best.right]}`);
    const whole = tokens[best.left] + tokens[best.right];
    if (!tokens.includes(whole)) tokens.push(whole);
    const merged = tokens.indexOf(whole);
    spelled = spelled.map(({ ids, n }) => ({ ids: join(ids, best.left, best.right, merged), n }));
  }
  return merges;
}

/** The symbols with each pair joined, from the left. */
function join([first, second, ...rest]: readonly number[], left: number, right: number, merged: number): number[] {
  if (first === undefined) return [];
  if (second === undefined) return [first];
  return first === left && second === right
    ? [merged, ...join(rest, left, right, merged)]
    : [first, ...join([second, ...rest], left, right, merged)];
}

describe('byte-pair training', () => {
  test('merges what the definition does, pair by pair', () => {
    const random = new Random(11);
    let merged = 0;
    for (let round = 0; round < 300; round++) {
      const words = new Map<string, number>();
      for (let k = random.integer(8); k >= 0; k--) {
        const letters = 2 + random.integer(2);
        const word = Array.from({ length: random.integer(10) }, () => 'abc'[random.integer(letters)]).join('');
        words.set(word, 1 + random.integer(4));
      }
      const [size, minCount] = [4 + random.integer(20), 1 + random.integer(4)];
      const [ours, theirs] = [
        ['-', 'a', 'b', 'c'],
        ['-', 'a', 'b', 'c'],
      ];
      const expected = define(words, theirs, size, minCount);
      const merges = trainBytePairs(words, ours, { size, minCount }).map(({ left, right }) => `${left} ${right}`);
      expect([...words, ...merges]).toEqual([...words, ...expected]);
      expect(ours).toEqual(theirs);
      merged += merges.length;
    }
    expect(merged).toBeGreaterThan(1000);
  });

  test('a pair is merged where it occurs exactly as often as asked', () => {
    const train = (minCount: number) =>
      trainBytePairs(new Map([['ab', 3]]), ['a', 'b'], { size: 9, minCount }).map(({ left, right }) => left + right);
    expect([train(3), train(4)]).toEqual([['ab'], []]);
  });
});

describe('bytes as characters', () => {
  test('GPT-2’s table: ! to ~, ¡ to ¬ and ® to ÿ are themselves, the others those from U+0100 on', () => {
    const itself = (byte: number) =>
      ['!~', '¡¬', '®ÿ'].some(([a, z]) => String.fromCharCode(byte) >= a && String.fromCharCode(byte) <= z);
    const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !itself(byte));
    expect(others.length).toBe(68);
    for (let byte = 0; byte < 256; byte++) {
      const code = itself(byte) ? byte : 0x100 + others.indexOf(byte);
      expect([byte, byteCharacters[byte].charCodeAt(0)]).toEqual([byte, code]);
    }
    expect([' ', '\n', '\x7f', '\xa0', '\xad'].map((c) => byteCharacters[c.charCodeAt(0)])).toEqual(
      Array.from('ĠĊġłŃ'),
    );
  });

  test('a character that stands for no byte is its own UTF-8', () => {
    expect([...fromByteCharacters('aĠ한')]).toEqual([0x61, 0x20, 0xed, 0x95, 0x9c]);
    expect(fromByteCharacters(toByteCharacters('é😀\0'))).toEqual(new TextEncoder().encode('é😀\0'));
  });
});
