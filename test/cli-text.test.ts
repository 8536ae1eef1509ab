// `train text` on words and byte pairs, `eval` of other texts, and compressed files, as a person or a program meets them.

import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const at = workFolder('text');
const small = ['--hidden', '16', '--batch', '4', '--seq-length', '16', '--threads', '1', '--no-check'];

const [who, does, what] = [
  ['the cat', 'a dog', 'my bird'],
  ['sees', 'likes'],
  ['a fish.', 'the moon.', 'milk!'],
];
const lines = Array.from({ length: 300 }, (_, n) => `${who[n % 3]} ${does[(n >> 1) % 2]} ${what[(n * 7) % 3]}`);

const train = (unit: string, ...more: string[]) =>
  unrolled('train', 'text', 'lines.txt.gz', '--unit', unit, '--out', unit, '--steps', '120', '--lr', '0.02', ...small, ...more); // biome-ignore format: one line

beforeAll(async () => {
  writeFileSync(at('lines.txt.gz'), gzipSync(`${lines.join('\n')}\n`));
  for (const unit of ['word', 'bpe']) {
    const { code, err } = await train(unit, ...(unit === 'bpe' ? ['--vocabulary', '280'] : []));
    if (code !== 0) throw new Error(err);
  }
});

test('a model of words writes whole lines of known words, with their spaces and line ends', async () => {
  const { out } = await unrolled(
    'sample',
    'word',
    '--prompt',
    'the cat',
    '--max-tokens',
    '60',
    '--seed',
    '1',
    '--json',
  );
  const { text } = JSON.parse(out) as { text: string };
  expect(text).toMatch(/^ (sees|likes) /);
  const known = new Set([...who, ...does, ...what].flatMap((words) => words.split(' ')));
  for (const line of `the cat${text}`.split('\n').slice(0, -1))
    for (const word of line.split(' ')) expect(known, line).toContain(word);
  expect(text.split('\n').length).toBeGreaterThan(5);
  const byteByByte = await unrolled(
    'sample',
    'bpe',
    '--prompt',
    'a dog',
    '--max-tokens',
    '20',
    '--seed',
    '1',
    '--json',
  );
  expect((JSON.parse(byteByByte.out) as { text: string }).text).toMatch(/^ \w/);
});

test('losses are reported per token, and eval has bits per character to compare with other units', async () => {
  const err = (await train('word', '--fresh', '--steps', '5')).err;
  expect(err).toMatch(/1,800 tokens to learn, 200 to validate, 18 different/);
  expect(err).toMatch(/nats per token, perplexity \d/);
  await train('word', '--fresh');
  const { out } = await unrolled('eval', 'word', '--json');
  const result = JSON.parse(out) as Record<string, number | string>;
  expect(result).toMatchObject({ symbols: 'tokens', unknown: 0 });
  expect(result.perplexity).toBeCloseTo(Math.exp(result.loss as number), 8);
  // About six tokens with their end of line stand for 22 characters.
  const perToken = (result.loss as number) / Math.LN2;
  expect(result.bitsPerCharacter as number).toBeGreaterThan(perToken / 5);
  expect(result.bitsPerCharacter as number).toBeLessThan(perToken / 3);
});

test('what another text has that the model does not know is counted and told, and the rest is measured', async () => {
  writeFileSync(at('other.txt'), 'the cat sees a unicorn.\nmy bird likes milk!\n');
  const words = await unrolled('eval', 'word', '--text', 'other.txt');
  expect([words.code, words.out]).toEqual([0, expect.stringContaining('1 tokens of other.txt')]);
  expect(words.out).toMatch(/are not in the vocabulary and are measured as the unknown token/);
  expect(words.out).toMatch(/unknown +1 tokens/);
  const characters = await unrolled('train', 'text', 'lines.txt.gz', '--out', 'characters', '--steps', '5', ...small);
  expect(characters.code, characters.err).toBe(0);
  writeFileSync(at('strange.txt.gz'), gzipSync('the cat sees 12 fish, ½ of them\n'.repeat(20)));
  const { code, out } = await unrolled('eval', 'characters', '--file', 'strange.txt.gz', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ symbols: 'characters', unknown: 80, characters: 558 });
  const told = (await unrolled('eval', 'characters', '--file', 'strange.txt.gz')).out;
  expect(told).toContain(
    '80 characters of strange.txt.gz (12.5 %) are not known to the model and were left out: "1" "2" "," "½"',
  );
});

test('options of tokens are for units that are tokens, and a damaged file is told', async () => {
  expect((await train('character', '--lowercase')).err).toContain(
    '--lowercase: is for --unit word or bpe; here it is character',
  );
  writeFileSync(at('cut.txt.gz'), readFileSync(at('lines.txt.gz')).subarray(0, 60));
  expect((await unrolled('train', 'text', 'cut.txt.gz')).err).toContain('cut.txt.gz: is cut off or damaged');
});

test('inspect looks into a run of words', async () => {
  const { code, out, err } = await unrolled('inspect', 'word', '--section', 'cells', '--length', '200');
  expect(code, err).toBe(0);
  expect(out).toContain('Interpretable units');
});
