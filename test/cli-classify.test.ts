// `train classify`, `predict` and `eval` as a person or a program meets them, on small files.

import { existsSync, mkdirSync, renameSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess as unrolled, inProcessReading, workFolder } from './in-process.ts';
import { expectSameBitsAfterKills } from './killed.ts';

const small = ['--hidden', '8', '--batch', '8', '--steps', '30', '--threads', '1'];

const at = workFolder('classify');

const rows = Array.from({ length: 60 }, (_, i) => [
  ...(i % 2 ? [`a good video ${i}`, '좋음'] : [`a bad video ${i}`, '나쁨']),
  `${i % 6}`,
]);
const reviews = `review,stars,author\n${rows.map((r) => r.join(',')).join('\n')}\n`;

beforeAll(async () => {
  writeFileSync(at('reviews.csv'), reviews);
  const { code, err } = await unrolled(
    'train',
    'classify',
    'reviews.csv',
    '--text',
    'review',
    '--label',
    'stars',
    '--out',
    'run',
    '--lr',
    '0.02',
    ...small,
  );
  if (code !== 0) throw new Error(err);
});

test('training shows validation metrics, predictions, and what to type next', async () => {
  const { code, out, err } = await unrolled(
    'train',
    'classify',
    'reviews.csv',
    '--text',
    'review',
    '--label',
    'stars',
    '--out',
    'shown',
    ...small,
  );
  expect([code, out]).toEqual([0, '']);
  expect(err).toContain('labels  나쁨, 좋음');
  expect(err).toMatch(/validation \d\.\d+ {2}accuracy \d\.\d+ {2}macroF1 \d\.\d+/);
  expect(err).toMatch(/[✓✗] +(나쁨|좋음) +\d\.\d\d +a (good|bad) video/);
  expect(err).toContain('npx unrolled predict shown');
});

test('--json is one object with the best metrics', async () => {
  const { out } = await unrolled(
    'train',
    'classify',
    'reviews.csv',
    '--text',
    'review',
    '--label',
    'stars',
    '--out',
    'json',
    '--json',
    ...small,
  );
  expect(JSON.parse(out)).toMatchObject({ run: 'json', steps: 30, metrics: { accuracy: expect.any(Number) } });
});

test('predict answers arguments, lines and tables', async () => {
  const one = await unrolled('predict', 'run', 'a good video');
  expect(one.out).toMatch(/^좋음 +█.* 0\.\d+\n나쁨/);
  const lines = await inProcessReading('a good video\na bad video\n', 'predict', 'run', '-', '--json');
  expect(
    lines.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).label),
  ).toEqual(['좋음', '나쁨']);
  const table = await unrolled('predict', 'run', '--file', 'reviews.csv', '--where', 'author = 0', '--json');
  expect(table.out.trim().split('\n').length).toBe(10);
  expect(JSON.parse(table.out.split('\n')[0])).toMatchObject({
    text: 'a bad video 0',
    label: '나쁨',
    probabilities: [{ label: '나쁨' }, { label: '좋음' }],
  });
});

test('eval measures the validation part, or another file', async () => {
  const own = JSON.parse((await unrolled('eval', 'run', '--json')).out);
  expect(own).toMatchObject({
    rows: 6,
    accuracy: 1,
    labels: ['나쁨', '좋음'],
    confusion: [
      [3, 0],
      [0, 3],
    ],
  });
  expect(own.calibrationError).toBeGreaterThanOrEqual(0);
  const other = await unrolled('eval', 'run', '--file', 'reviews.csv', '--checkpoint', 'last');
  expect(other.out).toMatch(/accuracy +1\.0000/);
  expect(other.out).toContain('60 texts of reviews.csv');
});

test('eval says which data of a run are no longer there, and what can be named instead', async () => {
  renameSync(at('reviews.csv'), at('elsewhere.csv'));
  renameSync(at('run'), at('my run'));
  const { code, err } = await unrolled('eval', 'my run');
  renameSync(at('my run'), at('run'));
  renameSync(at('elsewhere.csv'), at('reviews.csv'));
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/^eval: .*reviews\.csv: the run was trained on it, .* unrolled eval "my run" --file …$/m),
  ]);
});

test('a folder with a folder of texts for each label is read too', async () => {
  for (const label of ['yes', 'no']) {
    mkdirSync(at(`texts/${label}`), { recursive: true });
    for (let i = 0; i < 10; i++) writeFileSync(at(`texts/${label}/${i}.txt`), `${label} it is ${i}`);
  }
  expect((await unrolled('train', 'classify', 'texts', ...small)).code).toBe(0);
  expect(existsSync(at('runs/texts/config.json'))).toBe(true);
});

test('eval has precision and recall of the most probable labels', async () => {
  const { out } = await unrolled('eval', 'run', '--at-k', '1,2', '--json');
  const { accuracy, atK } = JSON.parse(out) as { accuracy: number; atK: object[] };
  expect(atK).toEqual([
    { k: 1, precision: accuracy, recall: accuracy },
    { k: 2, precision: 0.5, recall: 1 },
  ]);
  expect((await unrolled('eval', 'run', '--at-k', '2')).out).toMatch(/at 2 +precision 0\.5000, recall 1\.0000/);
  expect((await unrolled('eval', 'run', '--at-k', 'x')).err).toContain('--at-k: expected whole numbers from 1 to 1000');
});

test('every row of a file has one line, whatever is in it', async () => {
  const lines = ['a good video', '', '"', '   ', 'x'.repeat(200_000), '{"text": "a bad video"}', 'a\tb'];
  writeFileSync(at('strange.txt'), `${lines.join('\n')}\n`);
  const plain = await unrolled('predict', 'run', '--file', 'strange.txt');
  expect([plain.code, plain.out.split('\n').length - 1]).toEqual([0, lines.length]);
  const cells = ['review', 'a good video', '""', '"two\nlines"', `"${'y'.repeat(200_000)}"`, '"a, b"'];
  writeFileSync(at('strange.csv'), `id,${cells.map((cell, n) => (n === 0 ? cell : `${n},${cell}`)).join('\n')}\n`);
  const { code, out } = await unrolled('predict', 'run', '--file', 'strange.csv', '--json');
  const answers = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // biome-ignore format: one line
  expect([code, answers.map(({ row }) => row)]).toEqual([0, [1, 2, 3, 4, 5]]);
  expect(answers.every((answer) => 'label' in answer !== 'error' in answer)).toBe(true);
  expect((await unrolled('predict', 'run', '--file', 'strange.csv')).out.split('\n')).toHaveLength(6);
});

describe('any number of labels a text', () => {
  let training = '';
  const topics = ['sport', 'music', 'food'];
  const some = Array.from({ length: 80 }, (_, n) => topics.filter((_, k) => (n >> k) % 2 === 1));
  const text = (labels: readonly string[], n: number) => `${['today', 'we', ...labels].join(' ')} ${(n >> 3) % 4}`;
  const train = (...more: string[]) => unrolled('train', 'classify', 'topics.jsonl', '--multi-label', '--out', 'topics', ...small, ...more); // biome-ignore format: one line

  beforeAll(async () => {
    writeFileSync(at('topics.jsonl'), some.map((label, n) => `${JSON.stringify({ text: text(label, n), label })}\n`).join('')); // biome-ignore format: one line
    writeFileSync(at('topics.csv'), `text,label\n${some.map((label, n) => `${text(label, n)},${label.join('|') || '[]'}`).join('\n')}\n`); // biome-ignore format: one line
    const { code, err } = await train('--steps', '150', '--lr', '0.02');
    if (code !== 0) throw new Error(err);
    training = err;
  });

  test('training says so, and validates by F1 and exact sets', () => {
    expect(training).toContain('food, music, sport; any number a text');
    expect(training).toMatch(/microF1 \d\.\d+ {2}macroF1 \d\.\d+ {2}exact \d/);
  });

  test('are predicted together, with a probability for each', async () => {
    const { out } = await unrolled('predict', 'topics', 'today we sport food 1', '--json');
    const { labels, label, probabilities } = JSON.parse(out) as Record<string, never> & {
      probabilities: { score: number }[];
    };
    expect(new Set(labels)).toEqual(new Set(['sport', 'food']));
    expect(label).toBeUndefined();
    expect(probabilities.map(({ score }) => score).reduce((a, b) => a + b)).toBeGreaterThan(1.2);
    const lines = (await unrolled('predict', 'topics', 'today we music 1', 'today we 2')).out;
    expect(lines).toBe('music\ttoday we music 1\n(none)\ttoday we 2\n');
  });

  test('are measured by F1, exact sets and the k most probable', async () => {
    const { out } = await unrolled('eval', 'topics', '--json');
    const result = JSON.parse(out) as Record<string, number> & { atK: { k: number; precision: number }[] };
    expect(result.microF1).toBeGreaterThan(0.95);
    expect(result.exact).toBeGreaterThan(0.8);
    expect(result.atK.map(({ k }) => k)).toEqual([1, 3, 5]);
    const other = (await unrolled('eval', 'topics', '--file', 'topics.csv')).out;
    expect(other).toMatch(/micro F1 +(0\.9|1\.0)/);
    expect(other).toMatch(/measured on +80 texts of topics\.csv/);
    expect((await unrolled('inspect', 'topics', '--section', 'checks')).code).toBe(0);
  });

  test('are refused where they cannot be', async () => {
    expect((await train('--balanced')).err).toContain('--balanced: means nothing with --multi-label');
    writeFileSync(at('none.csv'), 'text,label\na b,[]\nc d,[]\n');
    expect((await unrolled('train', 'classify', 'none.csv', '--multi-label')).err).toContain('no row has a label');
  });
});

test('an embedding begins with pretrained vectors, of a size of their own', async () => {
  const vectors = ['good', 'bad', 'video', 'elephant'].map((word, n) => [word, 1 + n, -n, 0.5].join(' '));
  writeFileSync(at('words.vec'), `4 3\n${vectors.join('\n')}\n`);
  writeFileSync(at('words.txt.gz'), gzipSync(`${vectors.join('\n')}\n`));
  const args = ['train', 'classify', 'reviews.csv', '--text', 'review', '--label', 'stars', ...small];
  const { code, err } = await unrolled(...args, '--vectors', 'words.vec', '--out', 'vectors');
  expect(code, err).toBe(0);
  expect(err).toMatch(/vectors +3 of \d+ words have one of 3 numbers, out of 4/);
  const config = JSON.parse(readFileSync(at('vectors/config.json'), 'utf8'));
  expect(config.model.embeddingDim).toBe(3);
  // The file is named again when the run is resumed, and any form of the same vectors will do.
  const again = await unrolled(...args, '--vectors', 'words.txt.gz', '--out', 'vectors', '--steps', '32');
  expect(again.code, again.err).toBe(0);
  expect((await unrolled(...args, '--out', 'vectors')).err).toContain('holds another run');
  expect((await unrolled(...args, '--vectors', 'words.vec', '--embedding', '8', '--out', 'x')).err).toContain(
    '--embedding: the vectors of words.vec have 3 numbers, got 8',
  );
  writeFileSync(at('other.vec'), 'katze 1 2\n');
  expect((await unrolled(...args, '--vectors', 'other.vec', '--out', 'x')).err).toContain('has a vector of no word');
  writeFileSync(at('cut.vec.gz'), readFileSync(at('words.txt.gz')).subarray(0, 40));
  expect((await unrolled(...args, '--vectors', 'cut.vec.gz', '--out', 'x')).err).toContain('is cut off or damaged');
});

test('no group has rows in both training and validation', async () => {
  const args = ['train', 'classify', 'reviews.csv', '--text', 'review', '--label', 'stars', '--group', 'author'];
  expect((await unrolled(...args, '--out', 'grouped', '--val-frac', '0.3', ...small)).code).toBe(0);
  expect(JSON.parse((await unrolled('eval', 'grouped', '--json')).out).rows % 10).toBe(0);
});

test('killed and started again it ends in the same bits as a run that was never stopped', async () => {
  const args = ['train', 'classify', 'reviews.csv', '--text', 'review', '--label', 'stars', '--dropout', '0.3'];
  const settings = [...args, ...small, '--steps', '120', '--eval-every', '20', '--quiet'];
  await expectSameBitsAfterKills(at, settings);
}, 60_000);

describe('bad input: stopped before training starts, or left out and counted', () => {
  const train = async (content: string | Uint8Array, ...more: string[]) => {
    writeFileSync(at('bad.csv'), content);
    return await unrolled('train', 'classify', 'bad.csv', '--out', 'bad', '--fresh', ...small, ...more);
  };
  const good = (count: number) =>
    Array.from({ length: count }, (_, i) => `text ${i},${i % 2 ? 'yes' : 'no'}\n`).join('');

  test.each<[string, string | Uint8Array, string[], number, RegExp]>([
    [
      'a column that is not there',
      `text,label\n${good(20)}`,
      ['--text', 'tekst'],
      1,
      /no column tekst; did you mean text\?/,
    ],
    [
      'columns that cannot be guessed',
      `a,b,c\n1,2,3\n`,
      [],
      1,
      /which column is the text\? There are a, b, c; name it: --text a/,
    ],
    [
      'one label',
      `text,label\n${'a,yes\n'.repeat(20)}`,
      [],
      1,
      /every row is labeled "yes"; there is nothing to tell apart/,
    ],
    [
      'many empty texts',
      `text,label\n${good(20)}${',yes\n'.repeat(9)}`,
      [],
      1,
      /9 of 29 rows cannot be used: 9 without a text \(bad\.csv, row 21/,
    ],
    ['no rows', 'text,label\n', [], 1, /holds no rows/],
    ['an empty file', '', [], 1, /bad\.csv: the file is empty/],
    ['a wrong encoding', Buffer.from('text,label\n\xb0\xed\xbe\xe7,no\n', 'latin1'), [], 1, /looks like EUC-KR/],
    [
      '--bad-rows stop',
      `text,label\n${good(40)}lonely\n,no\n`,
      ['--bad-rows', 'stop'],
      1,
      /bad\.csv, row 41: with 1 column where 2 are expected/,
    ],
    [
      'another unit than there is',
      `text,label\n${good(20)}`,
      ['--unit', 'words'],
      2,
      /--unit: there is no words; did you mean word\?/,
    ],
  ])('%s', async (_name, content, more, code, message) => {
    const result = await train(content, ...more);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.err).not.toMatch(/\n\s+at /);
    expect(existsSync(at('bad'))).toBe(false);
  });

  test('few of them are left out, counted and named', async () => {
    const { code, err } = await train(`text,label\n${good(60)},yes\nsome text,\nodd one,maybe\na,b,c\n`);
    expect(code).toBe(0);
    expect(err).toContain(
      '4 of 64 rows were left out: 1 with 3 columns where 2 are expected (bad.csv, row 64), 1 without a text (bad.csv, row 61), 1 without a label (bad.csv, row 62), 1 with a label that is seen once, "maybe" (bad.csv, row 63)'.slice(
        0,
        30,
      ),
    );
    for (const part of [
      '(bad.csv, row 64)',
      '1 without a text (bad.csv, row 61)',
      '1 without a label (bad.csv, row 62)',
      'seen once, "maybe" (bad.csv, row 63)',
    ])
      expect(err).toContain(part);
    rmSync(at('bad'), { recursive: true });
  });

  test('what is longer than it may be is cut, and said', async () => {
    const { err } = await train(`text,label\n${good(60)}${'long '.repeat(30)},yes\n`, '--max-length', '20');
    expect(err).toContain('1 of 61 texts were cut to 20 tokens; see --max-length');
    rmSync(at('bad'), { recursive: true });
  });

  test('texts with unknown tokens, longer than any training text, and empty ones are named and counted', async () => {
    const input = `a good movie\n\n${'a good video 1 '.repeat(3)}\n`;
    const { out, err } = await inProcessReading(input, 'predict', 'run', '-', '--json');
    expect(err).toContain('text 1: the model does not know 1 of 3 tokens');
    expect(err).toContain('text 2 is empty');
    expect(err).toContain('text 3 has 12 tokens, more than the 4 of the longest in the training data');
    expect(JSON.parse(out.split('\n')[0])).toMatchObject({ unknown: 1, longerThanSeen: false });
    expect((await inProcessReading('', 'predict', 'run', '-')).err).toContain('standard input: the file is empty');
  });

  test('a model that is asked for nothing, or of another task, says so', async () => {
    expect(await unrolled('predict', 'run')).toMatchObject({
      code: 2,
      err: expect.stringContaining('say a text, --file file, or -'),
    });
    expect((await unrolled('sample', 'run')).err).toContain(
      'is a run of the task classify, expected text; it answers to npx unrolled predict run',
    );
  });

  test('data that changed since are not measured by mistake', async () => {
    await train(`text,label\n${good(40)}`);
    writeFileSync(at('bad.csv'), `text,label\n${good(38)}`);
    expect((await unrolled('eval', 'bad')).err).toContain('is not what this run was trained on any more');
  });
});
