// `train translate`, `translate`, `predict` and `eval` as a person or a program meets them, on small files.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors } from 'unrolled/io';
import { inProcess as unrolled, inProcessReading, workFolder } from './in-process.ts';
import { expectSameBitsAfterKills } from './killed.ts';

const small = ['--hidden', '32', '--batch', '16', '--steps', '600', '--lr', '0.01', '--dropout', '0', '--threads', '1'];
const few = ['--hidden', '8', '--batch', '8', '--steps', '12', '--threads', '1'];

const at = workFolder('translate');

/** `a b c` in one language is `A B C` in the other: 120 pairs of one to four words. */
const words = ['one', 'two', 'three', 'four', 'five'];
const pairs = Array.from({ length: 120 }, (_, i) =>
  Array.from({ length: 1 + (i % 4) }, (_, k) => words[Math.floor(1e4 * Math.abs(Math.sin(i + 37 * k))) % 5]).join(' '),
).map((source) => [source, source.toUpperCase()] as const);

beforeAll(async () => {
  writeFileSync(at('pairs.tsv'), `small\tlarge\n${pairs.map((p) => p.join('\t')).join('\n')}\n`);
  writeFileSync(at('a.txt'), pairs.map(([a]) => `${a}\n`).join(''));
  writeFileSync(at('b.txt'), pairs.map(([, b]) => `${b}\n`).join(''));
  const { code, err } = await unrolled('train', 'translate', 'pairs.tsv', ...columns, '--out', 'run', ...small);
  if (code !== 0) throw new Error(err);
  if (!err.includes('validation')) throw new Error(err);
});

const columns = ['--source', 'small', '--target', 'large'];

test('training shows its metrics, source → hypothesis (reference), the attention map, and the next command', async () => {
  const { code, out, err } = await unrolled('train', 'translate', 'pairs.tsv', ...columns, '--out', 'shown', ...few);
  expect([code, out]).toEqual([0, '']);
  expect(err).toContain('108 to learn, 12 to validate');
  expect(err).toMatch(/validation \d\.\d+ nats per token {2}perplexity \d+\.\d+ {2}exactMatch \d\.\d+ {2}bleu \d/);
  expect(err).toMatch(/[✓✗] (one|two|three|four|five)\b.* → .*/);
  expect(err).toContain('attention map (columns: source tokens');
  expect(err).toMatch(/npx unrolled translate shown "\w/);
});

test('a table without a header has its source first and its target second', async () => {
  writeFileSync(at('plain.tsv'), pairs.map(([a, b]) => `one two ${a}\t${b}\n`).join(''));
  const train = (...more: string[]) =>
    unrolled('train', 'translate', 'plain.tsv', '--out', 'no-header', ...few, ...more);
  expect((await train()).err).toMatch(/if the first line is data and no header, add --no-header\n$/);
  expect((await train('--no-header')).err).toContain('108 to learn, 12 to validate');
  const { out } = await unrolled('eval', 'no-header', '--file', 'plain.tsv', '--json');
  expect(JSON.parse(out)).toMatchObject({ pairs: 120 });
});

test('translate answers arguments, lines and tables, plainly or as JSON', async () => {
  expect(await unrolled('translate', 'run', 'two three')).toMatchObject({ code: 0, out: 'TWO THREE\n' });
  const lines = (await inProcessReading('one\nfive four\n', 'translate', 'run', '-', '--json')).out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { source: 'one', translation: 'ONE', ended: true, unknown: 0, longerThanSeen: false },
    { source: 'five four', translation: 'FIVE FOUR' },
  ]);
  const table = await unrolled('translate', 'run', '--file', 'pairs.tsv', '--where', "small = 'four'");
  expect(new Set(table.out.trim().split('\n'))).toEqual(new Set(['FOUR']));
});

test('predict says what translate says', async () => {
  expect((await unrolled('predict', 'run', 'two three')).out).toBe('TWO THREE\n');
});

test('the search can be changed: n-best, lengths, draws', async () => {
  const { nBest } = JSON.parse((await unrolled('translate', 'run', 'one two', '--n-best', '3', '--json')).out);
  expect(nBest).toHaveLength(3);
  expect(nBest[0].score).toBeGreaterThanOrEqual(nBest[1].score);
  expect(
    (await unrolled('translate', 'run', 'one two', '--min-tokens', '4')).out.trim().split(' ').length,
  ).toBeGreaterThan(3);
  expect(JSON.parse((await unrolled('translate', 'run', 'one two', '--max-tokens', '1', '--json')).out).ended).toBe(
    false,
  );
  const draw = (seed: string) =>
    unrolled('translate', 'run', 'one two', '--sample', '--temperature', '9', '--seed', seed);
  expect((await draw('5')).out).toBe((await draw('5')).out);
  expect((await draw('5')).out).not.toBe((await draw('6')).out);
  expect(await unrolled('translate', 'run', 'one', '--beams', '2', '--n-best', '3')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--n-best: expected at most --beams 2, got 3'),
  });
});

test('a translation does not depend on its company', async () => {
  const alone = (await unrolled('translate', 'run', 'one two', '--json')).out;
  const inCompany = (await unrolled('translate', 'run', 'one two', 'three', 'five five five five', '--json')).out;
  expect(inCompany.split('\n')[0]).toBe(alone.trim());
});

test('attention is drawn in the terminal, as SVG and as PNG', async () => {
  expect((await unrolled('translate', 'run', 'one two', '--attention', 'terminal')).out).toMatch(/ONE [ ·░▒▓█]+\n/);
  expect((await unrolled('translate', 'run', 'one two', '--attention', 'map.svg')).code).toBe(0);
  expect(readFileSync(at('map.svg'), 'utf8')).toContain('>TWO</text>');
  expect((await unrolled('translate', 'run', 'one', 'two', '--attention', 'map.png')).code).toBe(0);
  for (const file of ['map-1.png', 'map-2.png']) expect(readFileSync(at(file)).subarray(1, 4).toString()).toBe('PNG');
  expect((await unrolled('translate', 'run', 'one', '--attention', 'map.jpg')).err).toContain('ends in .svg or .png');
});

test('what the model cannot know is reported and counted', async () => {
  const { out, err } = await inProcessReading(
    `one zwei\n\n${'two '.repeat(9)}\n${'drei\n'.repeat(4)}`,
    'translate',
    'run',
    '-',
    '--json',
  );
  expect(err).toContain('text 1: the model does not know 1 of 2 tokens');
  expect(err).toContain('text 2 is empty');
  expect(err).toContain('text 3 has 9 tokens, more than the 4 of the longest in the training data');
  expect(err).toContain('5 texts in all have tokens that the model does not know');
  expect(JSON.parse(out.split('\n')[0])).toMatchObject({ unknown: 1, longerThanSeen: false });
  expect(JSON.parse(out.split('\n')[1]).translation).toBe('');
  expect(JSON.parse(out.split('\n')[2])).toMatchObject({ unknown: 0, longerThanSeen: true });
});

test('eval measures perplexity, BLEU with its signature, chrF and exact matches', async () => {
  const own = JSON.parse((await unrolled('eval', 'run', '--json')).out);
  expect(own).toMatchObject({ pairs: 12, beams: 5 });
  expect(own.bleuSignature).toMatch(/^nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:/);
  const fitted = JSON.parse(
    (await unrolled('eval', 'run', '--file', 'pairs.tsv', '--checkpoint', 'last', '--json')).out,
  );
  expect(fitted.pairs).toBe(120);
  expect(fitted.perplexity).toBeLessThan(1.3);
  for (const score of [fitted.exactMatch, fitted.bleu / 100, fitted.chrf / 100]) expect(score).toBeGreaterThan(0.85);
  const other = await unrolled('eval', 'run', '--file', 'a.txt,b.txt', '--beams', '1', '--bleu-tokens', 'char');
  expect(other.out).toMatch(/BLEU +\d+\.\d+ {3}nrefs:1\|case:mixed\|eff:no\|tok:char/);
  expect(other.out).toContain('120 pairs of a.txt,b.txt');
});

test.each([
  [
    'two texts, one vocabulary of byte pairs, tied, by tokens',
    ['--unit', 'bpe', '--vocabulary', '280', '--shared', '--tie-weights', '--batch-tokens', '200'],
  ],
  [
    'plain, reversed, of lstm cells, one direction',
    ['--decoder', 'plain', '--reverse-source', '--cell', 'lstm', '--no-bidirectional'],
  ],
  ['dot, two layers, characters to words', ['--decoder', 'dot', '--layers', '2', '--source-unit', 'character']],
  ['general without input feeding', ['--decoder', 'general', '--no-input-feeding', '--embedding', '5']],
  ['scheduled sampling', ['--teacher-forcing', '0.5', '--forcing-schedule', 'inverse-sigmoid']],
])('%s', async (_name, options) => {
  const run = ['train', 'translate', 'a.txt', 'b.txt', '--validation', 'a.txt,b.txt', '--out', 'other', '--fresh'];
  const { code, err } = await unrolled(...run, ...few, ...options);
  expect(err).toContain('120 to learn, 120 to validate');
  expect(code).toBe(0);
  expect((await unrolled('translate', 'other', 'one two', '--max-tokens', '5')).code).toBe(0);
});

test('eval has error rates, further references and scores without case', async () => {
  writeFileSync(at('few.tsv'), 'small\tlarge\none two\tone two\nthree\tthree\n');
  writeFileSync(at('second.txt'), 'ONE TWO\nTHREE\n');
  const evaluate = async (...more: string[]) => {
    const { out } = await unrolled('eval', 'run', '--file', 'few.tsv', '--json', ...more);
    return JSON.parse(out) as Record<string, number | string>;
  };
  expect(await evaluate()).toMatchObject({ exactMatch: 0, wordErrorRate: 1, tokenErrorRate: 1, references: 1 });
  const small = await evaluate('--ignore-case');
  expect(small).toMatchObject({ exactMatch: 1, wordErrorRate: 0, characterErrorRate: 0, tokenErrorRate: 0 });
  expect(small.bleuSignature).toContain('case:lc');
  const two = await evaluate('--references', 'second.txt');
  expect(two).toMatchObject({ exactMatch: 1, wordErrorRate: 1, references: 2 });
  expect(two.bleuSignature).toContain('nrefs:2');
  writeFileSync(at('short.txt'), 'ONE TWO\n');
  expect((await unrolled('eval', 'run', '--file', 'few.tsv', '--references', 'short.txt')).err).toContain(
    'short.txt: has 1 lines, and row 2 has no reference in it',
  );
  expect((await unrolled('eval', 'run', '--references', 'second.txt')).err).toContain('means nothing without --file');
  expect((await unrolled('eval', 'run', '--file', 'few.tsv')).out).toMatch(/1\.0000 of words \(WER\)/);
});

test('a word that the model does not know is copied from where it attends to', async () => {
  const name = (n: number) =>
    Array.from({ length: 5 }, (_, k) => 'bdfgklmnprst'[(n * 7 + k * (n % 5) + k) % 12]).join('');
  const rows = Array.from({ length: 160 }, (_, n) => {
    const a = words[n % 5];
    const own = `${name(n)}${n}x`;
    return n % 2 ? [`${a} ${own}`, `${a.toUpperCase()} ${own}`] : [`${own} ${a}`, `${own} ${a.toUpperCase()}`];
  });
  writeFileSync(at('names.tsv'), `small\tlarge\n${rows.map((row) => row.join('\t')).join('\n')}\n`);
  const trained = await unrolled(
    'train',
    'translate',
    'names.tsv',
    ...columns,
    '--out',
    'names',
    ...small,
    '--min-count',
    '2',
  );
  expect(trained.code, trained.err).toBe(0);
  const plain = (await unrolled('translate', 'names', 'two zorblax')).out;
  expect(plain).not.toContain('zorblax');
  const [copied, first] = (
    await unrolled('translate', 'names', 'two zorblax', 'quux four', '--copy-unknown')
  ).out.split('\n');
  expect([copied, first]).toEqual(['TWO zorblax', 'quux FOUR']);
  const evaluate = async (...more: string[]) =>
    (JSON.parse((await unrolled('eval', 'names', '--json', ...more)).out) as { exactMatch: number }).exactMatch;
  expect(await evaluate()).toBe(0);
  expect(await evaluate('--replace-unk')).toBeGreaterThan(0.5); // of 16 pairs; what is wrong in others are words it knows
});

test('the newest checkpoints of a run are averaged into one that is asked like any other, and trained further', async () => {
  const args = ['train', 'translate', 'pairs.tsv', ...columns, '--out', 'kept', ...few];
  await unrolled(...args, '--keep-checkpoints', '3', '--save-seconds', '0');
  expect(readdirSync(at('kept/checkpoints')).length).toBeGreaterThanOrEqual(3);
  const { code, out, err } = await unrolled('average', 'kept', '--out', 'mean', '--last', '3', '--json');
  expect(code, err).toBe(0);
  expect(JSON.parse(out)).toEqual({ run: 'mean', checkpoints: 3, steps: [12, 11, 10] });
  const weights = (path: string) =>
    readSafetensors(readFileSync(path)).tensors.get('output.weight')?.data as Float32Array;
  const all = readdirSync(at('kept/checkpoints'))
    .sort()
    .slice(-3)
    .map((name) => weights(at(`kept/checkpoints/${name}/model.safetensors`)));
  for (const [i, w] of weights(at('mean/model.safetensors')).entries())
    expect(w).toBeCloseTo((all[0][i] + all[1][i] + all[2][i]) / 3, 6);
  expect((await unrolled('translate', 'mean', 'one')).code).toBe(0);
  expect((await unrolled('eval', 'mean', '--json')).code).toBe(0);
  const further = await unrolled(
    'train',
    'translate',
    'pairs.tsv',
    ...columns,
    '--out',
    'mean',
    ...few,
    '--steps',
    '14',
  );
  expect([further.code, further.err]).toEqual([0, expect.stringMatching(/12/)]);
  expect((await unrolled('average', 'kept', '--out', 'mean')).err).toContain('holds a run already');
  const two = await unrolled('average', 'kept', 'mean', '--out', 'both', '--json');
  expect(JSON.parse(two.out)).toMatchObject({ checkpoints: 2 });
  expect((await unrolled('average', 'kept', 'run', '--out', 'x')).err).toContain(
    'run: is of another model than kept (model.',
  );
  expect((await unrolled('average', 'kept')).err).toContain('--out: name the run folder to write');
});

test('patience and the best model go by exact matches where that is asked for', async () => {
  const goal = ['--best', 'exactMatch', '--patience', '1', '--eval-every', '3', '--lr', '1e-9'];
  const { out } = await unrolled(
    'train',
    'translate',
    'pairs.tsv',
    ...columns,
    '--out',
    'patient',
    '--json',
    ...few,
    ...goal,
  );
  expect(JSON.parse(out)).toMatchObject({ reason: 'no improvement', steps: 6, metrics: { exactMatch: 0 } });
});

test('killed and started again it ends in the same bits as a run that was never stopped', async () => {
  const forcing = ['--teacher-forcing', '0.5', '--forcing-schedule', 'linear', '--dropout', '0.3'];
  const args = ['train', 'translate', 'pairs.tsv', ...columns, ...few, '--batch-tokens', '60', ...forcing];
  const settings = [...args, '--steps', '120', '--eval-every', '20', '--quiet'];
  await expectSameBitsAfterKills(at, settings);
}, 60_000);

describe('bad input: stopped before training starts, or left out and counted', () => {
  const train = async (content: string | Uint8Array, ...more: string[]) => {
    writeFileSync(at('bad.csv'), content);
    return await unrolled('train', 'translate', 'bad.csv', '--out', 'bad', '--fresh', ...few, ...more);
  };
  const good = (count: number) => Array.from({ length: count }, (_, i) => `text ${i},texte ${i}\n`).join('');

  test.each<[string, string | Uint8Array, string[], number, RegExp]>([
    [
      'a column that is not there',
      `source,target\n${good(9)}`,
      ['--source', 'src'],
      1,
      /--source: there is no column src.*source, target/,
    ],
    [
      'columns that cannot be guessed',
      'a,b,c\n1,2,3\n',
      [],
      1,
      /which column is the source\? There are a, b, c; name it: --source a/,
    ],
    [
      'many empty rows',
      `source,target\n${good(20)}${',x\n'.repeat(9)}`,
      [],
      1,
      /9 of 29 rows cannot be used: 9 without a source \(bad\.csv, row 21/,
    ],
    ['no rows', 'source,target\n', [], 1, /holds no rows/],
    ['a wrong encoding', Buffer.from('source,target\n\xb0\xed\xbe\xe7,cat\n', 'latin1'), [], 1, /looks like EUC-KR/],
    [
      'pairs that are all too long',
      `source,target\n${good(20)}`,
      ['--max-length', '1'],
      2,
      /no pair has 1 tokens or fewer/,
    ],
    [
      'a batch smaller than its longest pair',
      `source,target\n${good(20)}`,
      ['--batch-tokens', '2'],
      2,
      /--batch-tokens: the longest pair has 3 tokens/,
    ],
    [
      'best by BLEU of short targets',
      `source,target\n${good(20)}`,
      ['--best', 'bleu'],
      2,
      /no validation target has four words/,
    ],
    [
      'one vocabulary of two kinds',
      `source,target\n${good(20)}`,
      ['--shared', '--source-unit', 'jamo'],
      2,
      /not jamos and words/,
    ],
  ])('%s', async (_name, content, more, code, message) => {
    const result = await train(content, ...more);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.err).not.toMatch(/\n\s+at /);
    expect(existsSync(at('bad'))).toBe(false);
  });

  test('few are left out, counted and named: ragged, empty, too long, a line of 10 MB', async () => {
    const long = `${'word '.repeat(30)},x\n`;
    const { code, err } = await train(
      `source,target\n${good(80)},x\ny,\na,b,c\n${long}${'z'.repeat(10 ** 7)},x\n`,
      '--max-length',
      '20',
    );
    expect(code).toBe(0);
    expect(err).toContain('1 without a source (bad.csv, row 81)');
    expect(err).toContain('1 without a target (bad.csv, row 82)');
    expect(err).toContain('1 with 3 columns where 2 are expected (bad.csv, row 83)');
    expect(err).toContain('1 with more than 100,000 characters (bad.csv, row 85)');
    expect(err).toMatch(/1 of \d+ (validation )?pairs were left out: longer than 20 tokens \(bad\.csv, row 84\)/);
    rmSync(at('bad'), { recursive: true });
  });

  test('two texts of different lengths: where the first one ends', async () => {
    writeFileSync(at('short.txt'), 'ONE\nTWO\n');
    writeFileSync(at('long.txt'), 'one\ntwo\nthree\n');
    const { code, err } = await unrolled('train', 'translate', 'long.txt', 'short.txt', '--out', 'bad', ...few);
    expect(code).toBe(1);
    expect(err).toContain('short.txt: has 2 lines, long.txt has 3');
    expect(err).toContain('line 3 of long.txt, "three", has no partner');
  });

  test('a line of 10 MB in one of two texts is left out', async () => {
    writeFileSync(at('wide.txt'), `${pairs.map(([a]) => a).join('\n')}\n${'z'.repeat(10 ** 7)}\n`);
    writeFileSync(at('narrow.txt'), `${pairs.map(([, b]) => b).join('\n')}\nZ\n`);
    const { code, err } = await unrolled('train', 'translate', 'wide.txt', 'narrow.txt', '--out', 'wide', ...few);
    expect(code).toBe(0);
    expect(err).toContain('1 with more than 100,000 characters (wide.txt, row 121)');
  });

  test('no texts at all, another task, and a decoder without attention say so', async () => {
    expect((await inProcessReading('', 'translate', 'run', '-')).err).toContain('standard input: the file is empty');
    expect((await unrolled('translate', 'run')).err).toContain('say a text, --file file, or -');
    expect((await unrolled('sample', 'run')).err).toContain(
      'is a run of the task translate, expected text; it answers to npx unrolled predict run',
    );
    const plain = ['train', 'translate', 'pairs.tsv', ...columns, '--decoder', 'plain', '--out', 'plain', ...few];
    expect((await unrolled(...plain)).code).toBe(0);
    expect((await unrolled('translate', 'plain', 'one', '--attention', 'map.svg')).err).toContain(
      '(plain) attends to nothing',
    );
  });
});
