// `train tag`, `predict` and `eval` of taggers as a person or a program meets them, on small files.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess as unrolled, inProcessReading, workFolder } from './in-process.ts';
import { expectSameBitsAfterKills } from './killed.ts';

const small = ['--hidden', '12', '--batch', '8', '--steps', '80', '--lr', '0.03', '--threads', '1'];
const few = ['--hidden', '8', '--batch', '8', '--steps', '12', '--threads', '1'];

const at = workFolder('tag');

/** Sixty short sentences; the tag of "run" depends on the word before it. */
const sentences = Array.from({ length: 60 }, (_, i) => {
  const name = ['Ann', 'Bob', 'Cid'][i % 3];
  return i % 2
    ? { words: [name, 'likes', 'the', 'run'], tags: ['NAME', 'VERB', 'DET', 'NOUN'] }
    : { words: ['they', 'run', 'to', name], tags: ['PRON', 'VERB', 'ADP', 'NAME'] };
});
const conll = (rows: typeof sentences) =>
  rows.map(({ words, tags }) => words.map((word, t) => `${word} X ${tags[t]}\n`).join('')).join('\n');

beforeAll(async () => {
  writeFileSync(at('data.jsonl'), sentences.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(
    at('data.csv'),
    `words,tags\n${sentences.map(({ words, tags }) => `${words.join(' ')},${tags.join(' ')}\n`).join('')}`,
  );
  writeFileSync(at('data.conll'), `-DOCSTART- X O\n\n${conll(sentences)}`);
  const { code, err } = await unrolled('train', 'tag', 'data.jsonl', '--tokens', 'words', '--out', 'run', ...small);
  if (code !== 0) throw new Error(err);
});

test('training shows its measures, tags under their tokens, and what to type next', async () => {
  const { code, out, err } = await unrolled('train', 'tag', 'data.csv', '--out', 'shown', ...small);
  expect([code, out]).toEqual([0, '']);
  expect(err).toContain('tags    ADP, DET, NAME, NOUN, PRON, VERB');
  expect(err).toMatch(/validation \d\.\d+ {2}accuracy \d\.\d+ {2}macroF1 \d\.\d+ {2}exact \d\.\d+/);
  expect(err).toMatch(/✓ they run {2}to {2}(Ann|Bob|Cid)\n +│? *PRON VERB ADP NAME/);
  expect(err).toMatch(/npx unrolled predict shown "\w/);
});

test('lists in JSON lines, columns with spaces and CoNLL files are one data set', async () => {
  const run = async (file: string, ...more: string[]) => {
    const { code, err } = await unrolled('train', 'tag', file, '--out', file.replace('.', '-'), ...more, ...few);
    expect([code, err]).toEqual([0, expect.stringContaining('54 sequences to learn, 6 to validate')]);
    return JSON.parse(readFileSync(at(`${file.replace('.', '-')}/config.json`), 'utf8')).model;
  };
  const fromLists = await run('data.jsonl');
  expect(await run('data.csv')).toEqual(fromLists);
  expect(await run('data.conll')).toEqual(fromLists);
});

test('of a CoNLL file other columns can be taken', async () => {
  const rows = sentences.map(({ words, tags }, n) =>
    [
      `# sentence ${n}`,
      '1-2\tboth\t_\t_\t_\t_\t_\t_\t_\t_',
      ...words.map((w, t) => `${t + 1}\t${w}\t_\t${tags[t]}${'\t_'.repeat(6)}`),
      '',
    ].join('\n'),
  );
  writeFileSync(at('data.conllu'), rows.join('\n'));
  const args = ['train', 'tag', 'data.conllu', '--tokens', '2', '--tags', '4', '--out', 'conllu', ...few];
  expect((await unrolled(...args)).err).toContain('tags    ADP, DET, NAME, NOUN, PRON, VERB');
  expect(await unrolled('train', 'tag', 'data.conllu', '--tags', '11', ...few)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--tags: of a CoNLL file: expected a column from 1 to 10, got 11'),
  });
});

test('predict says tokens with their tags, for people, as CoNLL and as JSON', async () => {
  const one = await unrolled('predict', 'run', 'they run to Bob');
  expect(one.out).toMatch(/^they +PRON +[01]\.\d+\nrun +VERB .*\nto +ADP .*\nBob +NAME .*\n$/);
  expect((await inProcessReading('they run\nthe run\n', 'predict', 'run', '-')).out).toBe(
    'they\tPRON\nrun\tVERB\n\nthe\tDET\nrun\tNOUN\n\n',
  );
  const [first] = (await unrolled('predict', 'run', '--file', 'data.jsonl', '--json')).out.split('\n');
  expect(JSON.parse(first)).toMatchObject({
    tokens: ['they', 'run', 'to', 'Ann'],
    tags: ['PRON', 'VERB', 'ADP', 'NAME'],
    probabilities: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
    unknown: 0,
    longerThanSeen: false,
  });
});

test('predict reads the format that the run was trained on: CoNLL with and without tags, a token a line', async () => {
  const trained = await unrolled('train', 'tag', 'data.conll', '--out', 'from-conll', ...small);
  expect(trained.code, trained.err).toBe(0);
  const answer = 'they\tPRON\nrun\tVERB\nto\tADP\nBob\tNAME\n\nAnn\tNAME\nlikes\tVERB\nthe\tDET\nrun\tNOUN\n\n';
  const rows = [sentences[4], sentences[3]].map(({ words, tags }) => ({ words, tags: tags.map(() => 'O') }));
  writeFileSync(at('new.conll'), `-DOCSTART- X O\n\n# a comment\n${conll(rows)}`);
  expect(await unrolled('predict', 'from-conll', '--file', 'new.conll')).toMatchObject({ code: 0, out: answer });
  writeFileSync(at('new.txt'), rows.map(({ words }) => `${words.join('\n')}\n`).join('\n'));
  expect((await unrolled('predict', 'from-conll', '--file', 'new.txt')).out).toBe(answer);
  writeFileSync(at('lines.txt'), rows.map(({ words }) => `${words.join(' ')}\n`).join(''));
  expect((await unrolled('predict', 'from-conll', '--file', 'lines.txt')).out).toBe(answer);
  const json = (await unrolled('predict', 'from-conll', '--file', 'new.conll', '--json')).out.trim().split('\n');
  expect(json.map((line) => JSON.parse(line))).toMatchObject([{ row: 1, tokens: rows[0].words }, { row: 2 }]);
  writeFileSync(at('one.conll'), `${conll(rows.slice(0, 1))}\n`);
  expect((await unrolled('predict', 'from-conll', '--file', 'one.conll')).out).toContain('they\tPRON\n');
});

test('the embedding of tokens begins with pretrained vectors', async () => {
  writeFileSync(at('words.vec'), 'they 1 2\nRun 3 4\nrun 5 6\n');
  const { code, err } = await unrolled(
    'train',
    'tag',
    'data.csv',
    '--out',
    'vectors',
    '--vectors',
    'words.vec',
    ...few,
  );
  expect(code, err).toBe(0);
  expect(err).toMatch(/vectors +2 of \d+ words have one of 2 numbers, out of 3/);
});

test.each([
  ['cnn', 'read by a cnn of 5 filters'],
  ['lstm', 'read by an lstm of 5 units, both directions'],
])(
  'with character features (%s) an unknown word is tagged by its letters, also from the saved run',
  async (features, about) => {
    // The tag is the last letter of a word, and every word is another one: alone its letters tell.
    const word = (i: number) =>
      `${(i * 7919).toString(5).replace(/\d/g, (d) => 'abcde'[Number(d)])}${i % 2 ? 'x' : 'y'}`;
    const rows = Array.from({ length: 80 }, (_, i) => [3 * i, 3 * i + 1, 3 * i + 2]);
    const lines = rows.map((row) =>
      JSON.stringify({ words: row.map(word), tags: row.map((i) => (i % 2 ? 'X' : 'Y')) }),
    );
    writeFileSync(at('spelled.jsonl'), lines.join('\n'));
    const run = `spelled-${features}`;
    const options = ['--char-features', features, '--char-embedding', '6', '--char-hidden', '5', ...small];
    const { code, out, err } = await unrolled('train', 'tag', 'spelled.jsonl', '--out', run, ...options, '--json');
    expect([code, err]).toEqual([0, expect.stringContaining(about)]);
    expect(JSON.parse(out).metrics.accuracy).toBeGreaterThan(0.95);
    const predicted = await unrolled('predict', run, 'zaax zaay', '--json');
    expect(JSON.parse(predicted.out).tags).toEqual(['X', 'Y']);
    expect(JSON.parse((await unrolled('eval', run, '--json')).out).accuracy).toBeGreaterThan(0.95);
    expect(JSON.parse((await unrolled('eval', run, '--json')).out).unknown).toBe(1);
    expect((await unrolled('inspect', run, '--json')).code).toBe(0);
    const refused = await unrolled('export', run, '--to', 'onnx');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('its weights alone can be written')]);
  },
);

test('character features are refused where they mean nothing', async () => {
  const refuse = async (...args: string[]) => (await unrolled('train', 'tag', ...args, ...few)).err;
  const brackets = ['--demo', 'brackets', '--out', 'no-characters'];
  expect(await refuse(...brackets, '--char-features', 'cnn')).toContain('every token is one character already');
  expect(await refuse('data.jsonl', '--char-hidden', '9')).toContain('--char-hidden');
  expect(await refuse('--demo', 'activity', '--char-features', 'cnn')).toContain('--char-features: means nothing to');
});

test('what the model cannot know is reported and counted', async () => {
  const { out, err } = await inProcessReading(
    'they sprint\n\nthey run to Ann and Bob\n',
    'predict',
    'run',
    '-',
    '--json',
  );
  expect(err).toContain('text 1: the model does not know 1 of 2 tokens');
  expect(err).toContain('text 2 is empty');
  expect(err).toContain('text 3 has 6 tokens, more than the 4 of the longest in the training data');
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).tags.length),
  ).toEqual([2, 0, 6]);
});

test('where many words are new, training names what reads their characters; not where it does, or where few are', async () => {
  writeFileSync(at('new.jsonl'), `${JSON.stringify({ words: ['they', 'walk', 'to', 'Eve'], tags: ['PRON', 'VERB', 'ADP', 'NAME'] })}\n`); // biome-ignore format: one line
  const read = async (file: string, ...more: string[]) => {
    const { code, err } = await unrolled('train', 'tag', 'data.jsonl', '--validation', file, '--out', 'new', '--fresh', ...more, ...few); // biome-ignore format: one line
    expect(code, err).toBe(0);
    return err;
  };
  const advice = '--char-features lstm reads the characters of words';
  const told = await read('new.jsonl');
  expect(told).toContain(`50.0% of the tokens of the validation part are not in the vocabulary; ${advice}`);
  const reading = await read('new.jsonl', '--char-features', 'lstm');
  expect(reading).toContain('50.0% of the tokens of the validation part');
  expect(reading).not.toContain(advice);
  expect(await read('data.jsonl')).not.toContain(advice);
});

test('eval measures tag by tag', async () => {
  const own = JSON.parse((await unrolled('eval', 'run', '--json')).out);
  expect(own).toMatchObject({
    sequences: 6,
    tags: 24,
    accuracy: 1,
    exact: 1,
    perTag: expect.arrayContaining([{ label: 'VERB', precision: 1, recall: 1, f1: 1, count: 6 }]),
  });
  const other = await unrolled('eval', 'run', '--file', 'data.jsonl');
  expect(other.out).toMatch(/tag +precision +recall +f1 +count/);
  expect(other.out).toContain('60 sequences with 240 tags of data.jsonl');
});

test('where tags mark spans, eval measures those', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => {
    const name = ['Ann', 'Bob', 'Cid'][n % 3];
    return n % 2 ? `they O\nsaw O\n${name} B-PER\nLee I-PER\n` : `${name} B-PER\nsat O\nin O\nRome B-LOC\n`;
  });
  writeFileSync(at('names.conll'), rows.join('\n'));
  expect(
    (await unrolled('train', 'tag', 'names.conll', '--out', 'spans', ...few, '--steps', '200', '--lr', '0.02')).code,
  ).toBe(0);
  const { spans } = JSON.parse((await unrolled('eval', 'spans', '--file', 'names.conll', '--json')).out);
  expect(spans).toMatchObject({
    f1: 1,
    support: 60,
    perType: expect.arrayContaining([
      expect.objectContaining({ label: 'PER', f1: 1, count: 40 }),
      expect.objectContaining({ label: 'LOC', f1: 1, count: 20 }),
    ]),
  });
  const { out } = await unrolled('eval', 'spans', '--file', 'names.conll');
  expect(out).toMatch(/span F1 +1\.0000 +precision 1\.0000, recall 1\.0000/);
  expect(out).toMatch(/span +precision +recall +f1 +count\n.*\nLOC +1\.000/);
});

test('characters are tokens where all of them are', async () => {
  expect((await unrolled('train', 'tag', '--demo', 'brackets', '--out', 'brackets', ...few)).code).toBe(0);
  const { out } = await unrolled('predict', 'brackets', 'a(b)', '--json');
  expect(JSON.parse(out).tokens).toEqual(['a', '(', 'b', ')']);
});

test('killed and started again it ends in the same bits as a run that was never stopped', async () => {
  const args = ['train', 'tag', 'data.csv', '--dropout', '0.3', '--balanced', ...few];
  const settings = [...args, '--steps', '120', '--eval-every', '20', '--quiet'];
  await expectSameBitsAfterKills(at, settings);
}, 60_000);

describe('bad input: stopped before training starts, or left out and counted', () => {
  const train = async (name: string, content: string | Uint8Array, ...more: string[]) => {
    writeFileSync(at(name), content);
    return await unrolled('train', 'tag', name, '--out', 'bad', '--fresh', ...few, ...more);
  };
  const good = (count: number) => Array.from({ length: count }, () => 'a b c,X Y X\n').join('');

  test.each<[string, string, string | Uint8Array, string[], number, RegExp]>([
    [
      'a column that is not there',
      'bad.csv',
      `tokens,tags\n${good(9)}`,
      ['--tags', 'ner'],
      1,
      /--tags: there is no column ner; there are tokens, tags/,
    ],
    [
      'many rows of two lengths',
      'bad.csv',
      `tokens,tags\n${good(20)}${'a b,X\n'.repeat(9)}`,
      [],
      1,
      /9 of 29 rows cannot be used: 9 with tokens and tags of different lengths \(bad\.csv, row 21/,
    ],
    [
      'one tag',
      'bad.csv',
      `tokens,tags\n${'a b,X X\n'.repeat(20)}`,
      [],
      1,
      /every tag is "X"; there is nothing to tell apart/,
    ],
    ['no rows', 'bad.csv', 'tokens,tags\n', [], 1, /holds no rows/],
    ['one column of a CoNLL file', 'bad.conll', 'a\nb\n', [], 1, /has one column; expected tokens and tags/],
    ['a wrong encoding', 'bad.conll', Buffer.from('\xb0\xed\xbe\xe7 N\n', 'latin1'), [], 1, /looks like EUC-KR/],
  ])('%s', async (_name, file, content, more, code, message) => {
    const result = await train(file, content, ...more);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.err).not.toMatch(/\n\s+at /);
    expect(existsSync(at('bad'))).toBe(false);
  });

  test('few are left out, counted and named: empty, of two lengths, a tag seen once, a long one', async () => {
    const { code, err } = await train(
      'bad.csv',
      `tokens,tags\n${good(60)},X\na b,X\na b,X ODD\n${'a '.repeat(9)},${'X '.repeat(9)}\n`,
      '--max-length',
      '5',
    );
    expect(code).toBe(0);
    expect(err).toContain('1 without tokens (bad.csv, row 61)');
    expect(err).toContain('1 with tokens and tags of different lengths (bad.csv, row 62)');
    expect(err).toMatch(
      /1 tag is seen once and not learned: "ODD" \(bad\.csv, row 63\)|tags that training does not have count for nothing: "ODD"/,
    );
    expect(err).toMatch(/1 of \d+ sequences were cut to 5 tokens/);
    rmSync(at('bad'), { recursive: true });
  });

  test('a line of a CoNLL file without a tag, by its sequence', async () => {
    const { code, err } = await train('bad.conll', `${conll(sentences)}\nand X\n\nAnn X NAME\nruns X\n`);
    expect(code).toBe(0);
    expect(err).toContain('1 with tokens and tags of different lengths (bad.conll, line 303)');
    expect(err).toContain('1 without tags (bad.conll, line 301)');
    rmSync(at('bad'), { recursive: true });
  });
});
