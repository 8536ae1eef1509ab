import { describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { Random } from '../random.ts';
import { windows1252 } from './encodings.ts';
import { decodeText } from './text.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...values: number[]) => Uint8Array.from(values);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function utf16(text: string, bigEndian = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !bigEndian);
  return new Uint8Array(view.buffer);
}

const text = 'hello, 안녕 👩‍👩‍👧\r\n';

describe('decodeText', () => {
  test('reads UTF-8, with a byte order mark or without', () => {
    expect(decodeText(utf8(text))).toBe(text);
    expect(decodeText(join(bytes(0xef, 0xbb, 0xbf), utf8(text)))).toBe(text);
  });

  test('reads UTF-16 by its byte order mark', () => {
    expect(decodeText(join(bytes(0xff, 0xfe), utf16(text)))).toBe(text);
    expect(decodeText(join(bytes(0xfe, 0xff), utf16(text, true)))).toBe(text);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', bytes(), /^book\.txt: the file is empty$/],
    ['nothing but a byte order mark', bytes(0xef, 0xbb, 0xbf), /the file is empty/],
    // 안녕하세요 세계
    [
      'EUC-KR',
      join(
        utf8('Hello '),
        bytes(0xbe, 0xc8, 0xb3, 0xe7, 0xc7, 0xcf, 0xbc, 0xbc, 0xbf, 0xe4, 0x20, 0xbc, 0xbc, 0xb0, 0xe8),
      ),
      /byte 0xbe at 6 is not UTF-8; it looks like EUC-KR \(CP949\), Korean; convert it first: iconv -f CP949 -t UTF-8/,
    ],
    [
      'Latin-1',
      join(utf8('caf'), bytes(0xe9), utf8(' au lait, d'), bytes(0xe9), utf8('j'), bytes(0xe0)),
      /byte 0xe9 at 3 is not UTF-8; it looks like Latin-1 .* iconv -f WINDOWS-1252/,
    ],
    [
      'Shift-JIS',
      bytes(0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd),
      /looks like Shift-JIS.*iconv -f SHIFT-JIS/,
    ],
    [
      'UTF-16 without a mark',
      utf16('plain English text'),
      /looks like UTF-16 without a byte order mark.*iconv -f UTF-16LE/,
    ],
    ['UTF-16 of the other order', utf16('plain English text', true), /iconv -f UTF-16BE/],
    ['UTF-16 cut off', join(bytes(0xff, 0xfe), utf16('abc').subarray(1)), /even number of bytes/],
    ['UTF-16 with half a character', join(bytes(0xff, 0xfe), utf16('a\ud800b')), /half of a character/],
    ['UTF-32', bytes(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /this is UTF-32; .*iconv -f UTF-32/],
    [
      'a file cut off inside a character',
      utf8('한글').subarray(0, 5),
      /byte 0xea at 3 is not UTF-8: the file is cut off inside a character/,
    ],
    ['an overlong form', join(utf8('a'), bytes(0xc0, 0xaf), utf8('b')), /byte 0xc0 at 1/],
    ['a surrogate in UTF-8', join(utf8('ab'), bytes(0xed, 0xa0, 0x80), utf8('b')), /byte 0xed at 2/],
    ['beyond Unicode', join(utf8('ab'), bytes(0xf4, 0x90, 0x80, 0x80)), /byte 0xf4 at 2/],
    ['a wrong byte after a byte order mark', join(bytes(0xef, 0xbb, 0xbf, 0x61, 0xff, 0x61)), /byte 0xff at 4/],
    ['zeros', bytes(0x61, 0x62, 0x63, 0x64, 0, 0x65, 0x66), /byte 0 at 4: this is not text/],
    ['gzip', bytes(0x1f, 0x8b, 8, 0), /a gzip archive, not text/],
    ['a zip', bytes(0x50, 0x4b, 3, 4, 0), /a zip archive/],
    ['a PDF', utf8('%PDF-1.7\n'), /a PDF document/],
  ])('refuses %s, and says what it is', (_name, data, message) => {
    expect(() => decodeText(data, 'book.txt')).toThrow(FormatError);
    expect(() => decodeText(data, 'book.txt')).toThrow(message);
  });

  test('refuses exactly what a strict decoder refuses', () => {
    const random = new Random(6);
    const base = utf8('a é 한 👍 z'.repeat(3));
    for (let n = 0; n < 20_000; n++) {
      const mutated = base.slice(0, 1 + random.integer(base.length));
      for (let k = random.integer(3); k > 0; k--) mutated[random.integer(mutated.length)] = 1 + random.integer(255);
      let expected: string | null = null;
      try {
        expected = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(mutated);
      } catch {
        // not UTF-8
      }
      try {
        expect(decodeText(mutated)).toBe(expected);
      } catch (error) {
        if (!(error instanceof FormatError) || expected !== null) throw error;
        const at = Number(/ at (\d+) is not/.exec(error.message)?.[1] ?? 0);
        if (at > 0) new TextDecoder('utf-8', { fatal: true }).decode(mutated.subarray(0, at)); // all before it is valid
      }
    }
  });
});

/** `python -c "print('…'.encode('cp949').hex())"` and so on: the sentence, its bytes, and what may be said of them. */
const encoded: readonly (readonly [what: string, codec: string, text: string, hex: string, predicted: RegExp])[] = [
  [
    'English with one curly apostrophe',
    'cp1252',
    "It’s a nice day, isn't it? He said so.",
    '497492732061206e696365206461792c2069736e27742069743f204865207361696420736f2e',
    /; it looks like Latin-1 \(Windows-1252\); convert it first: iconv -f WINDOWS-1252 -t UTF-8/,
  ],
  [
    'German, French, quotes, €',
    'cp1252',
    'Müller größer café naïve “quoted” – 5 €',
    '4dfc6c6c6572206772f6df657220636166e9206e61ef7665209371756f74656494209620352080',
    /; it looks like Latin-1 \(Windows-1252\); convert it first: iconv -f WINDOWS-1252 -t UTF-8/,
  ],
  [
    'Korean',
    'cp949',
    '오늘은 날씨가 좋아서 산책을 했습니다',
    'bfc0b4c3c0ba20b3afbebeb0a120c1c1bec6bcad20bbeac3a5c0bb20c7dfbdc0b4cfb4d9',
    /; it looks like EUC-KR \(CP949\), Korean; convert it first: iconv -f CP949 -t UTF-8/,
  ],
  [
    'Japanese',
    'shift_jis',
    '今日は天気がいいから散歩しましょう',
    '8da193fa82cd93568b4382aa82a282a282a982e78e5595e082b582dc82b582e582a4',
    /; it looks like Shift-JIS, Japanese; convert it first: iconv -f SHIFT-JIS -t UTF-8/,
  ],
  [
    'Japanese',
    'euc_jp',
    '今日は天気がいいから散歩しましょう',
    'baa3c6fca4cfc5b7b5a4a4aca4a4a4a4a4aba4e9bbb6cae2a4b7a4dea4b7a4e7a4a6',
    /; it looks like EUC-JP, Japanese; convert it first: iconv -f EUC-JP -t UTF-8/,
  ],
  [
    'Chinese',
    'gbk',
    '今天天气很好，我们去公园散步吧。他说这是一个好主意',
    'bdf1ccecccecc6f8badcbac3a3acced2c3c7c8a5b9abd4b0c9a2b2bdb0c9a1a3cbfbcbb5d5e2cac7d2bbb8f6bac3d6f7d2e2',
    /; it looks like GBK, Chinese; convert it first: iconv -f GB18030 -t UTF-8/,
  ],
  [
    'Chinese',
    'big5',
    '今天天氣很好，我們去公園散步吧。他說這是一個好主意',
    'a4b5a4d1a4d1aef0abdca66ea141a7daadcca568a4bdb6e9b4b2a842a761a143a54cbba1b36fac4fa440add3a66ea544b74e',
    /; it looks like Big5, Chinese; convert it first: iconv -f BIG5 -t UTF-8/,
  ],
  [
    'Russian',
    'cp1251',
    'Сегодня хорошая погода, мы идём гулять в парк',
    'd1e5e3eee4edff20f5eef0eef8e0ff20efeee3eee4e02c20ecfb20e8e4b8ec20e3f3ebfff2fc20e220efe0f0ea',
    /; it looks like Windows-1251, Cyrillic; convert it first: iconv -f WINDOWS-1251 -t UTF-8/,
  ],
  [
    'Russian',
    'koi8_r',
    'Сегодня хорошая погода, мы идём гулять в парк',
    'f3c5c7cfc4ced120c8cfd2cfdbc1d120d0cfc7cfc4c12c20cdd920c9c4a3cd20c7d5ccd1d4d820d720d0c1d2cb',
    /; it looks like KOI8-R, Cyrillic; convert it first: iconv -f KOI8-R -t UTF-8/,
  ],
  [
    'Greek',
    'cp1253',
    'Σήμερα ο καιρός είναι καλός και πάμε στο πάρκο',
    'd3deece5f1e120ef20eae1e9f1fcf220e5dfede1e920eae1ebfcf220eae1e920f0dcece520f3f4ef20f0dcf1eaef',
    /; it looks like Windows-1253, Greek; convert it first: iconv -f WINDOWS-1253 -t UTF-8/,
  ],
  [
    'Hebrew',
    'cp1255',
    'היום מזג האוויר טוב ואנחנו הולכים לפארק',
    'e4e9e5ed20eee6e220e4e0e5e5e9f820e8e5e120e5e0f0e7f0e520e4e5ecebe9ed20ecf4e0f8f7',
    /; it looks like Windows-1255, Hebrew; convert it first: iconv -f WINDOWS-1255 -t UTF-8/,
  ],
  [
    'Arabic',
    'cp1256',
    'الطقس جميل اليوم ونحن ذاهبون إلى الحديقة',
    'c7e1d8ded320cce3ede120c7e1ede6e320e6e4cde420d0c7e5c8e6e420c5e1ec20c7e1cdcfeddec9',
    /; it looks like Windows-1256, Arabic; convert it first: iconv -f WINDOWS-1256 -t UTF-8/,
  ],
  [
    'Polish',
    'cp1250',
    'Zażółć gęślą jaźń, piękny dzień nad Wisłą',
    '5a61bff3b3e62067ea9c6cb9206a619ff12c207069ea6b6e7920647a6965f1206e616420576973b3b9',
    /; it looks like Windows-1250, Central European; convert it first: iconv -f WINDOWS-1250 -t UTF-8/,
  ],
  [
    'Czech',
    'cp1250',
    'Příliš žluťoučký kůň úpěl ďábelské ódy',
    '50f8ed6c699a209e6c759d6f75e86bfd206bf9f220fa70ec6c20efe162656c736be920f36479',
    /; it looks like Windows-1250, Central European; convert it first: iconv -f WINDOWS-1250 -t UTF-8/,
  ],
  [
    'English as old Macintoshes wrote it',
    'mac_roman',
    'It’s a café, isn’t it? “Yes”',
    '4974d5732061206361668e2c2069736ed5742069743f20d2596573d3',
    /, and which encoding it is cannot be told; convert it first: iconv -f ENCODING -t/,
  ],
  [
    'German as DOS wrote it',
    'cp850',
    'Müller größer café déjà',
    '4d816c6c657220677294e1657220636166822064826a85',
    /, and which encoding it is cannot be told; convert it first: iconv -f ENCODING -t/,
  ],
];

describe('a suggested encoding', () => {
  test('of two Hangul and no more', () => {
    expect(messageOf(() => decodeText(bytes(0x61, 0x2c, 0xb0, 0xed, 0xbe, 0xe7, 0x0a), 'a'))).toMatch(
      /looks like EUC-KR/,
    );
    expect(messageOf(() => decodeText(bytes(0x61, 0x2c, 0xb0, 0xed, 0x0a), 'a'))).toMatch(/cannot be told/);
  });

  test.each(encoded)('of %s in %s gives back a plausible text', (_what, _codec, text, hex, predicted) => {
    const data = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    const message = messageOf(() => decodeText(data, 'book.txt'));
    expect(message).toMatch(predicted);
    const label = /iconv -f (\S+)/.exec(message)?.[1] ?? '';
    const decoder = label === 'CP949' ? 'euc-kr' : label.toLowerCase();
    // Node 20 decodes 0x80 to 0x9f of Windows-1252 as control characters.
    if (label !== 'ENCODING' && label !== 'WINDOWS-1252') expect(new TextDecoder(decoder).decode(data)).toBe(text);
  });

  test('is none where the text before is UTF-8', () => {
    const data = join(utf8('한국어\n'), bytes(0xb0, 0xed, 0x0a));
    expect(messageOf(() => decodeText(data, 'a.txt'))).toBe(
      'a.txt: byte 0xb0 at 10 is not UTF-8, though the text before it is; correct it there',
    );
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('every byte of Windows-1252 is its character, and each of the others is itself', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const text = windows1252(all);
  expect(text.length).toBe(256);
  // The code points from 0x80 to 0x9f, as the Encoding standard lists them.
  const signs =
    '20ac 81 201a 192 201e 2026 2020 2021 2c6 2030 160 2039 152 8d 17d 8f 90 2018 2019 201c 201d 2022 2013 2014 2dc 2122 161 203a 153 9d 17e 178';
  for (const byte of all)
    expect([byte, text.charCodeAt(byte)]).toEqual([
      byte,
      byte >= 0x80 && byte < 0xa0 ? Number.parseInt(signs.split(' ')[byte - 0x80], 16) : byte,
    ]);
});
