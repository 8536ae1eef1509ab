// Models of the library's own, saved as PyTorch saves them and imported for a task: the runs do what runs that were trained here do, to the bit.

import { readFileSync, writeFileSync } from 'node:fs';
import { type Certificate, replay } from '@unrolled/convert';
import { LanguageModel, manualSeed, type Module, openRun, SequenceClassifier, SequenceTagger } from 'unrolled';
import { Tokenizer, TokenVocabulary, Vocabulary } from 'unrolled/data';
import { type TensorData, writeSafetensors } from 'unrolled/io';
import {
  type TaskName,
  textClassificationOf,
  textGenerationOf,
  tokenClassificationOf,
  vectorNetwork,
} from 'unrolled/pipelines';
import { describe, expect, test } from 'vitest';
import { ordered, pickle, tensor, zipCheckpoint } from '../../../../test/pickles.ts';
import { inProcess, workFolder } from '../../../../test/in-process.ts';

workFolder('import-task');

const renamed = (model: Module, names: Readonly<Record<string, string>>) =>
  Array.from(model.stateDict(), ([name, value]) => {
    const [field, ...rest] = name.split('.');
    return [[names[field] ?? field, ...rest].join('.'), value] as const;
  });

/** A file of torch.save. */
function savePyTorch(path: string, model: Module, names: Readonly<Record<string, string>>): void {
  const state = renamed(model, names);
  const tensors = state.map(
    ([name, { shape, data }], i) => [name, tensor({ key: String(i), count: data.length, shape })] as const,
  );
  const storages = Object.fromEntries(state.map(([, { data }], i) => [i, data]));
  writeFileSync(path, zipCheckpoint(pickle(ordered(Object.fromEntries(tensors))), storages));
}

const saveSafetensors = (path: string, model: Module, names: Readonly<Record<string, string>>) =>
  writeFileSync(path, writeSafetensors(new Map(renamed(model, names)) as Map<string, TensorData>));

async function opened<T extends TaskName>(path: string, task: T) {
  const run = await openRun(path);
  if (run.task !== task) throw new Error(`${run.task}, not ${task}`);
  return run as Extract<typeof run, { task: T }>;
}

describe('a language model', () => {
  const letters = ' abcdefgh\n';
  manualSeed(7);
  const model = new LanguageModel(letters.length, { cell: 'lstm', hiddenSize: 12, numLayers: 2, embeddingDim: 6 });
  const names = { embedding: 'encoder', recurrent: 'rnn' };
  const chain = ['--chain', 'embedding(encoder) rnn decoder', '--task', 'text-generation'];

  test('generates the text that it generates here, and is measured and inspected', async () => {
    savePyTorch('chars.pt', model, names);
    writeFileSync('vocab.json', JSON.stringify(Object.fromEntries(Array.from(letters, (letter, id) => [letter, id]))));
    const { out, code } = await inProcess(
      'import',
      'chars.pt',
      ...chain,
      '--vocabulary',
      'vocab.json',
      '--out',
      'chars',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/model +language-model, lstm, 2 × 12 units/);
    expect(out).toMatch(/unit +character/);
    expect(out).toMatch(/difference +0\.0e\+0/);
    const sampled = await inProcess(
      'sample',
      'chars',
      '--prompt',
      'ab',
      '--seed',
      '5',
      '--max-tokens',
      '60',
      '--temperature',
      '1',
      '--json',
    );
    const vocabulary = new Vocabulary(letters, { unit: 'codepoint', normalization: 'none' });
    const own = textGenerationOf(model.eval(), {
      vocabulary,
      input: { kind: 'text-generation', tokens: 'vocabulary' },
    });
    let text = '';
    for await (const piece of own.generate('ab', { seed: 5, maxTokens: 60 })) text += piece.text;
    expect((JSON.parse(sampled.out) as { text: string }).text).toBe(text);
    expect(text).toHaveLength(60);

    const other = 'abc def gh\n'.repeat(40);
    writeFileSync('other.txt', other);
    const measured = await inProcess('eval', 'chars', '--text', 'other.txt', '--json');
    expect((JSON.parse(measured.out) as { loss: number }).loss).toBeGreaterThan(1);
    expect((await inProcess('eval', 'chars')).err).toContain(
      'chars.pt: was imported, and what it was trained on is not known here; name data with --text',
    );
    const inspected = await inProcess('inspect', 'chars', '--text', 'other.txt', '--section', 'cells,spectrum');
    expect([inspected.code, inspected.err.includes('rror')]).toEqual([0, false]);
  });

  test.each([
    ['a list', JSON.stringify(Array.from(letters))],
    ['characters', JSON.stringify(letters)],
    ['tokens by id', JSON.stringify(Object.fromEntries(Array.from(letters).entries()))],
    ['its own', JSON.stringify(new Vocabulary(letters).toJSON())],
    ['characters in a text', letters],
  ])('has its vocabulary as %s', async (_, content) => {
    saveSafetensors('chars.safetensors', model, names);
    writeFileSync('vocabulary', content);
    const args = ['chars.safetensors', ...chain, '--vocabulary', 'vocabulary', '--out', 'v', '--force'];
    expect((await inProcess('import', ...args)).code).toBe(0);
    expect((await opened('v', 'text-generation')).vocabulary.decode([3, 0, 9])).toBe('c \n');
  });

  test('of words has a line for each, and what its vocabulary lacks is never generated', async () => {
    const words = ['the', 'cat', 'dog', 'sat', 'ran', '.', 'a', 'on', 'mat', 'rug'];
    saveSafetensors('words.safetensors', model, names);
    writeFileSync('words.txt', `${words.join('\r\n')}\r\n`);
    const args = ['words.safetensors', ...chain, '--vocabulary', 'words.txt', '--unit', 'word', '--lowercase'];
    const { out } = await inProcess('import', ...args, '--out', 'words');
    expect(out).toContain('the vocabulary has no unknown token');
    const run = await opened('words', 'text-generation');
    expect(Array.from(run.vocabulary.encode('The cat sat.'))).toEqual([0, 1, 3, 5]);
    expect((run.model as LanguageModel).vocabularySize).toBe(words.length + 4);
    const ids: number[] = [];
    for await (const { id } of run.generate('the', { seed: 1, maxTokens: 200, temperature: 5 })) ids.push(id);
    expect(Math.max(...ids)).toBeLessThan(words.length);
    expect((await inProcess('import', 'words', '--verify')).out).toMatch(/1 test vector, relative error \d/);
  });

  test('with another run’s weights does not verify', async () => {
    const certificate = JSON.parse(readFileSync('words/certificate.json', 'utf8')) as {
      vectors: { outputs: { probabilities: { values: number[] } } }[];
    };
    const { model } = await opened('words', 'text-generation');
    expect(replay(vectorNetwork(model as LanguageModel), certificate as unknown as Certificate).relative).toBeLessThan(
      1e-4,
    );
    certificate.vectors[0].outputs.probabilities.values[0] += 0.5;
    expect(() => replay(vectorNetwork(model as LanguageModel), certificate as unknown as Certificate)).toThrow(
      'this is not the model that was certified',
    );
    writeFileSync('words/certificate.json', JSON.stringify(certificate));
    expect((await inProcess('import', 'words', '--verify')).err).toContain(
      'certificate.json: is not the file that the checkpoint was saved with',
    );
  });
});

describe('a classifier', () => {
  const words = ['<pad>', 'good', 'bad', '<unk>', 'film', 'very', 'not'];
  manualSeed(8);
  const model = new SequenceClassifier({
    vocabularySize: 7,
    cell: 'gru',
    hiddenSize: 6,
    embeddingDim: 4,
    bidirectional: true,
    classes: 2,
    denseSize: 3,
  });
  const names = { recurrent: 'gru', dense: 'fc1', head: 'fc2' };
  const chain = ['--chain', 'embedding gru final fc1 relu fc2', '--task', 'text-classification'];

  test('answers as it answers here, and is measured and inspected on a table', async () => {
    savePyTorch('reviews.pt', model, names);
    writeFileSync('index.json', JSON.stringify(Object.fromEntries(words.map((word, id) => [word, id]))));
    writeFileSync('labels.txt', 'negative\npositive\n');
    const files = ['--vocabulary', 'index.json', '--labels', 'labels.txt', '--lowercase', '--unit', 'space'];
    const { out } = await inProcess('import', 'reviews.pt', ...chain, ...files, '--out', 'reviews');
    expect(out).toMatch(/unknown +<unk>/);
    const run = await opened('reviews', 'text-classification');
    expect(run.labels).toEqual(['negative', 'positive']);
    const { tokenizer } = run;
    expect(Array.from(tokenizer.encode('Very GOOD movie'))).toEqual([5, 1, 3]);
    const input = { kind: 'text-classification', maxTokens: 400, longestTrained: null } as const;
    const own = new SequenceClassifier({ ...model.config, vocabularySize: tokenizer.size });
    own.loadStateDict(run.model.stateDict()).eval();
    const here = textClassificationOf(own, { tokenizer, labels: run.labels, input });
    const texts = ['very good film', 'not good', 'bad bad unheard-of film'];
    expect(await run.predict(texts)).toEqual(await here.predict(texts));
    // The rows that the vocabulary adds change nothing: the model itself gives the same logits.
    const table = model.stateDict().get('embedding.weight')?.data as Float32Array;
    expect(run.model.stateDict().get('embedding.weight')?.data.subarray(0, table.length)).toEqual(table);
    expect((await inProcess('predict', 'reviews', 'very good film')).out).toMatch(/negative|positive/);

    const rows = Array.from({ length: 40 }, (_, n) => (n % 2 ? `very good film,positive` : `bad film,negative`));
    writeFileSync('table.csv', `text,label\n${rows.join('\n')}\n`);
    const measured = await inProcess('eval', 'reviews', '--file', 'table.csv', '--json');
    expect(JSON.parse(measured.out)).toMatchObject({ rows: 40 });
    expect((await inProcess('eval', 'reviews')).err).toContain('name data with --file');
    expect((await inProcess('inspect', 'reviews', '--section', 'cells')).err).toContain('name data with --text');
    const inspected = await inProcess('inspect', 'reviews', '--text', 'table.csv', '--section', 'spectrum');
    expect([inspected.code, inspected.err]).toEqual([0, expect.not.stringContaining('rror') as string]);
  });

  test('has the tokenizer.json of Hugging Face as its vocabulary', async () => {
    const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
    const file = { model: { type: 'WordLevel', vocab, unk_token: '<unk>' }, pre_tokenizer: { type: 'Whitespace' } };
    writeFileSync('tokenizer.json', JSON.stringify(file));
    writeFileSync('labels.json', '{"0": "no", "1": "yes"}');
    const files = ['--vocabulary', 'tokenizer.json', '--labels', 'labels.json'];
    expect((await inProcess('import', 'reviews.pt', ...chain, ...files, '--out', 'hf')).code).toBe(0);
    const run = await opened('hf', 'text-classification');
    expect(Array.from(run.tokenizer.encode('not bad'))).toEqual([6, 2]);
    expect(run.labels).toEqual(['no', 'yes']);
    expect(Tokenizer.fromJSON(run.tokenizer.toJSON()).size).toBe((run.model as SequenceClassifier).vocabularySize);
  });

  test.each<[string[], string]>([
    [[], 'reviews.pt: expected a vocabulary, got none, for which the format has no place; name a file of tokens'],
    [['--vocabulary', 'index.json'], 'expected labels, got none, for which the format has no place'],
    [
      ['--vocabulary', 'index.json', '--labels', 'index.json'],
      'index.json: expected ids 0 to 1, which the model has, got id 2',
    ],
    [
      ['--vocabulary', 'labels.txt', '--labels', 'one.txt'],
      'expected 2 labels, one for each class, got none for class 1',
    ],
    [['--vocabulary', 'twice.json'], 'id 1: expected another token for each id, got "a", which is that of id 0 too'],
    [['--vocabulary', 'numbers.json'], 'id 0: expected a text, got 7'],
    [['--vocabulary', 'far.json'], 'expected its id, a whole number below 4194304, got 5000000000'],
    [['--vocabulary', 'shared.json'], '"b": expected an id of its own, got 0, which "a" has'],
  ])('asks for what is missing, and refuses what is not its own: %j', async (files, message) => {
    writeFileSync('one.txt', 'only\n');
    writeFileSync('twice.json', '["a", "a"]');
    writeFileSync('numbers.json', '[7]');
    writeFileSync('far.json', '{"a": 5000000000}');
    writeFileSync('shared.json', '{"a": 0, "b": 0}');
    const { err, code } = await inProcess('import', 'reviews.pt', ...chain, ...files, '--out', 'none');
    expect([err.includes(message) || err, code]).toEqual([true, 1]);
  });

  test('that is no model of the library answers with its graph, and the reason is told', async () => {
    const files = ['--vocabulary', 'index.json', '--labels', 'labels.txt', '--lowercase', '--unit', 'space'];
    const other = ['--chain', 'embedding gru last fc1 relu fc2', '--task', 'text-classification'];
    const { out } = await inProcess('import', 'reviews.pt', ...other, ...files, '--out', 'last');
    expect(out).toMatch(/model +the graph as it is/);
    const { decisions } = JSON.parse(readFileSync('last/certificate.json', 'utf8')) as {
      decisions: { what: string; why: string }[];
    };
    expect(decisions.find(({ what }) => what === 'model')?.why).toContain(
      '"last#3" takes the last step of both directions, where the backward half has read one step',
    );
    const run = await opened('last', 'text-classification');
    const [first, second] = await run.predict(['very good film', 'very good film nowhere']);
    expect(first.scores).not.toEqual(second.scores); // <unk> is a symbol of the model
    expect((await run.predict('very good film'))[0].scores).toEqual(first.scores);
  });

  test('that gives an answer for each step becomes a run of tensors, and the reason is told', async () => {
    const other = ['--chain', 'embedding gru fc1 relu fc2', '--task', 'text-classification'];
    const { out } = await inProcess('import', 'reviews.pt', ...other, '--out', 'net');
    expect(out).toContain('it is no model of text-classification: it gives an answer for each step');
    expect((await openRun('net')).task).toBe('tensors');
    expect((await inProcess('import', 'net', '--verify')).code).toBe(0);
  });
});

test('a tagger has its rows where taggers here have theirs, and answers the same', async () => {
  const words = ['cat', 'sat', '<UNK>', 'the', 'PAD'];
  manualSeed(9);
  const model = new SequenceTagger({ vocabularySize: 5, cell: 'rnn', hiddenSize: 5, embeddingDim: 3, classes: 3 });
  saveSafetensors('tags.safetensors', model, { recurrent: 'rnn', head: 'fc' });
  writeFileSync('words.json', JSON.stringify(words));
  writeFileSync('tags.json', '["DET", "NOUN", "VERB"]');
  const files = ['--vocabulary', 'words.json', '--labels', 'tags.json'];
  const args = ['tags.safetensors', '--chain', 'embedding rnn fc', '--task', 'token-classification', ...files];
  expect((await inProcess('import', ...args, '--out', 'tags')).code).toBe(0);
  const run = await opened('tags', 'token-classification');
  const vocabulary = TokenVocabulary.fromJSON(run.vocabulary.toJSON(), 'tokens');
  expect(Array.from(vocabulary.encode(['the', 'cat', 'flew']))).toEqual([4, 2, 1]);
  const [{ tokens }] = await run.predict('the cat flew');
  // The same tokens by the ids of the file.
  const table = {
    size: 5,
    unknown: 2,
    encode: (list: readonly string[]) =>
      Int32Array.from(list, (word) => Math.max(words.indexOf(word), 2 * Number(!words.includes(word)))),
  };
  const parts = { vocabulary: table as unknown as TokenVocabulary, labels: run.labels, input: run.input };
  const [own] = await tokenClassificationOf(model.eval(), parts).predict('the cat flew');
  expect(tokens).toEqual(own.tokens);
  expect((await inProcess('predict', 'tags', 'the cat sat')).code).toBe(0);
});
