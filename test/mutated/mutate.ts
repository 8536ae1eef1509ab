// Inputs that are nearly right: bytes flipped, set, cut, doubled and exchanged; JSON with a value in the place of another, keys moved, lists made
// long and deep. The same seed makes the same.

import type { Random } from 'unrolled';

/** What numbers in files are damaged to. */
const numbers = [
  0,
  1,
  -1,
  255,
  256,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 53,
  1e308,
  0.5,
  -0.5,
  4_194_303,
];

const pick = <T>(random: Random, some: readonly T[]): T => some[random.integer(some.length)];

/** One to four damages of `bytes`; `others` are files to take a piece of. */
export function mutateBytes(bytes: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  let result: Uint8Array = bytes.slice();
  for (let left = 1 + random.integer(4); left > 0; left--) result = damage(result, others, random);
  return result;
}

function damage(bytes: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  const n = bytes.length;
  const at = random.integer(n + 1);
  const length = 1 + random.integer(pick(random, [1, 4, 16, n + 1]));
  const insert = (piece: Uint8Array) => joined(bytes.subarray(0, at), piece, bytes.subarray(at));
  switch (random.integer(8)) {
    case 0:
      if (at < n) bytes[at] ^= 1 << random.integer(8);
      return bytes;
    case 1:
      if (at < n) bytes[at] = pick(random, [0, 0xff, 0x22, 0x2c, 0x5b, 0x7b, 0x0a, 0x0d, 0x09, random.integer(256)]);
      return bytes;
    case 2:
      return bytes.slice(0, at);
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(Math.min(n, at + length)));
    case 4:
      return insert(bytes.slice(at, at + length));
    case 5:
      return insert(Uint8Array.from({ length: Math.min(length, 64) }, () => random.integer(256)));
    case 6: {
      const other = pick(random, others);
      const from = random.integer(other.length + 1);
      return insert(other.slice(from, from + length));
    }
    default: {
      if (n < 8) return bytes;
      const view = new DataView(bytes.buffer, bytes.byteOffset, n);
      const where = Math.min(pick(random, [0, 4, 6, 8, at]), n - 8);
      view.setBigUint64(
        where,
        BigInt(
          Math.max(
            0,
            Math.floor(
              pick(
                random,
                numbers.filter((x) => x < 2 ** 60),
              ),
            ),
          ),
        ),
        true,
      );
      return bytes;
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** A copy of JSON with one to three of its values, keys or lists changed. */
export function mutateJson(json: unknown, random: Random): unknown {
  const root = { json: structuredClone(json) };
  for (let left = 1 + random.integer(3); left > 0; left--) {
    const places: (readonly [holder: Record<string, unknown>, key: string])[] = [];
    walk(root, places);
    if (places.length === 0) break; // all of it is gone
    const [holder, key] = pick(random, places);
    const [other, otherKey] = pick(random, places);
    switch (random.integer(6)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else delete holder[key];
        break;
      case 1: // the value of another place
        holder[key] = structuredClone(other[otherKey]);
        break;
      case 2: // a key of another name
        if (Array.isArray(holder)) break;
        Object.defineProperty(holder, pick(random, ['__proto__', 'constructor', 'toString', 'length', otherKey]), {
          value: holder[key],
          enumerable: true,
          configurable: true,
          writable: true,
        });
        break;
      case 3:
        if (Array.isArray(holder[key]))
          holder[key] = Array(random.integer(300)).fill(pick(random, [null, 0, '', ...holder[key]]));
        else holder[key] = [holder[key]];
        break;
      default:
        holder[key] = strange(random);
    }
  }
  return root.json;
}

function walk(value: object, places: (readonly [Record<string, unknown>, string])[]): void {
  for (const [key, inner] of Object.entries(value)) {
    places.push([value as Record<string, unknown>, key]);
    if (typeof inner === 'object' && inner !== null && places.length < 2000) walk(inner as object, places);
  }
}

function strange(random: Random): unknown {
  switch (random.integer(8)) {
    case 0:
      return pick(random, [null, true, false]);
    case 1:
    case 2:
      return pick(random, numbers);
    case 3:
      return pick(random, [[], {}, [null], [[]], { type: null }, [1, 2], ['a', 'b', 'c']]);
    case 4:
      return 'a'.repeat(pick(random, [1, 2, 100, 3000]));
    case 5: {
      let deep: unknown = pick(random, [0, 'a', {}]);
      for (let k = pick(random, [3, 40, 300]); k > 0; k--)
        deep = random.integer(2) ? [deep] : { type: 'Sequence', normalizers: [deep] };
      return deep;
    }
    default:
      return pick(random, strings);
  }
}

const strings = [
  '', ' ', 'a', 'a b', 'a b c', '\ud800', '\u0000', '\u202e', '한', '👩‍👩‍👧', '__proto__', 'constructor', 'NFC', 'NFKD', 'Lowercase', 'StripAccents',
  'Strip', 'Replace', 'Prepend', 'BertNormalizer', 'Sequence', 'ByteLevel', 'Metaspace', 'Whitespace', 'Punctuation', 'Digits', 'Split',
  'WordPiece', 'BPEDecoder', 'ByteFallback', 'Fuse', 'BPE', 'Unigram', 'WordLevel', 'Isolated', 'MergedWithNext', 'first', 'bpe', 'word',
  'jamo', 'huggingface', '(a+)+$', '(a|a)*b', 'a{1000}', '(', '[', '\\p{L}+', '(?!a)', '\\', 'a++', '$', '^', '',
]; // biome-ignore format: a list of words
