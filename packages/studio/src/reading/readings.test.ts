// What the page asks about a network that has read something, computed without a page: classifiers, taggers and translators of random weights, whose answers
// are compared with the library's own.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, indices, manualSeed, Seq2Seq, SequenceClassifier, SequenceTagger, useBackend } from 'unrolled';
import { TokenVocabulary, Tokenizer } from 'unrolled/data';
import { textClassificationOf, tokenClassificationOf, translationOf } from 'unrolled/pipelines';
import { LabelsReading } from './labels-reading.ts';
import type { Edit } from './protocol.ts';
import { TagsReading } from './tags-reading.ts';
import type { TraceReading } from './trace-reading.ts';
import { TranslationReading } from './translation-reading.ts';

const reviews = [
  ['good and warm', 'yes'],
  ['not good at all', 'no'],
  ['a warm and good day', 'yes'],
] as const;

const labels = ['no', 'yes'];
const sizes = { hiddenSize: 6, embeddingDim: 5, numLayers: 2 };

function classifier(more: { readonly bidirectional?: boolean; readonly pooling?: 'mean' } = {}) {
  manualSeed(4);
  const tokenizer = Tokenizer.train(
    reviews.map(([text]) => text),
    { unit: 'word' },
  );
  const model = new SequenceClassifier({ vocabularySize: tokenizer.size, classes: 2, ...sizes, ...more });
  const input = { kind: 'text-classification', maxTokens: 20, longestTrained: 5 } as const;
  const pipeline = textClassificationOf(model, { tokenizer, labels, input });
  return { pipeline, reading: LabelsReading.of(pipeline, reviews) };
}

function tagger() {
  manualSeed(5);
  const rows = [
    [
      ['a', 'b', 'a', 'c'],
      ['x', 'y', 'x', 'z'],
    ],
    [['c', 'a'], null],
  ] as const;
  const vocabulary = TokenVocabulary.of(
    rows.map(([tokens]) => tokens),
    { size: null, minCount: 1, lowercase: false },
  );
  const model = new SequenceTagger({ vocabularySize: vocabulary.size, classes: 3, ...sizes, bidirectional: true });
  const input = { kind: 'token-classification', split: 'characters', longestTrained: 4 } as const;
  const pipeline = tokenClassificationOf(model, { vocabulary, labels: ['x', 'y', 'z'], input });
  return { pipeline, reading: TagsReading.of(pipeline, rows) };
}

function translator(decoder: 'additive' | 'general' = 'additive') {
  manualSeed(6);
  const pairs = [
    ['abca', '121'],
    ['bc', null],
  ] as const;
  const source = Tokenizer.train(['abc']);
  const target = Tokenizer.train(['123']);
  const vocabularies = { sourceVocabulary: source.size, targetVocabulary: target.size };
  const model = new Seq2Seq({ ...vocabularies, hiddenSize: 6, embeddingDim: 5, decoder, cell: 'lstm' });
  const input = { kind: 'translation', longestTrained: { source: 4, target: 3 } } as const;
  const pipeline = translationOf(model, { tokenizers: { source, target }, input });
  return { pipeline, reading: new TranslationReading(pipeline, pairs) };
}

const all: Readonly<Record<string, () => TraceReading>> = {
  classifier: () => classifier().reading,
  tagger: () => tagger().reading,
  translator: () => translator().reading,
};

const before = currentBackend();
beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));
afterAll(async () => void (await useBackend(before)));

describe.each(Object.entries(all))('a %s', (_name, make) => {
  test('is read token by token, and every unit is there at every token', () => {
    const reading = make();
    const { symbols, passages, tracks, losses } = reading.opened();
    expect(passages.at(-1)?.to).toBe(symbols.length);
    expect(losses.length).toBe(symbols.length);
    expect(new Set(tracks.map(({ what }) => what)).size).toBeGreaterThan(4); // h, c and the gates of an LSTM
    for (const { layer, what, size } of tracks)
      expect(reading.unit({ layer, what, unit: size - 1 }).length).toBe(symbols.length);
    const { layer, what } = tracks[0];
    const around = reading.around({ layer, what, unit: 1 }, 1, 2);
    expect(around.from).toBe(0);
    expect(around.tracks.find((track) => track.what === what)?.values).toEqual(
      Array.from(reading.unit({ layer, what, unit: 1 }).subarray(0, Math.min(4, passages[0].to))),
    );
  });

  test('gives probabilities at every place, and the gradient stays in its passage', () => {
    const reading = make();
    const { passages } = reading.opened();
    for (const { from, to } of passages) {
      const last = reading.next(to - 1);
      expect(last.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
      const { from: start, norms } = reading.gradient(to - 1);
      expect([start, norms.length]).toEqual([from, to - from]);
      expect(norms.every((norm) => Number.isFinite(norm))).toBe(true);
      expect(norms[norms.length - 1]).toBeGreaterThan(0);
    }
  });

  test('a unit or a gate that is held changes what comes out, and one that is held at nothing else does not', () => {
    const reading = make();
    const { tracks } = reading.opened();
    const free = (edit: Edit) => {
      const { texts, rows } = reading.hold(edit);
      return JSON.stringify([texts?.free, rows.map((row) => row.free)]);
    };
    const state = tracks.find(({ what }) => what === 'h') ?? tracks[0];
    const edit: Edit = { layer: state.layer, what: 'h', unit: 0, value: 3, when: 'onward', n: 1 };
    const before = free(edit);
    const { held, whole } = reading.ablate(edit, null).all;
    expect(held).not.toBe(whole);
    for (const { layer, what } of tracks) {
      const { texts, rows } = reading.hold({ ...edit, layer, what, value: what === 'g' ? -1 : 1, when: 'always' });
      expect(JSON.stringify([texts?.free, rows.map((row) => row.free)])).toBe(before);
    }
    const changed = tracks.some(({ layer, what }) => {
      const { rows, texts } = reading.hold({ ...edit, layer, what, when: 'always' });
      return texts ? texts.free !== texts.held : rows.some((row) => Math.abs(row.free - row.held) > 1e-6);
    });
    expect(changed || make === all.translator).toBe(true); // a translation of so few symbols may be robust
    expect(reading.measure('flow', 'en').length).toBeGreaterThan(0);
    expect(reading.measure('spectrum', 'ko').length).toBeGreaterThan(0);
  });

  test('a place or a unit that is not there is refused', () => {
    const reading = make();
    expect(() => reading.unit({ layer: 'l9', what: 'h', unit: 0 })).toThrow('there is no unit l9 h[0]');
  });
});

test.each([{}, { bidirectional: true }, { pooling: 'mean' as const }])(
  'a classifier’s scores after a token are those of the text that ends there (%o)',
  async (more) => {
    const { pipeline, reading } = classifier(more);
    const [text] = reviews[1];
    const words = text.split(' ');
    const start = reviews[0][0].split(' ').length;
    for (const k of words.keys()) {
      const [answer] = await pipeline.predict([words.slice(0, k + 1).join(' ')], { topK: 2 });
      for (const { symbol, probability } of reading.next(start + k))
        expect(probability).toBeCloseTo(answer.scores.find(({ label }) => label === symbol)?.score ?? 0, 5);
    }
    expect(reading.scores(start)?.lines[0].values.length).toBe(words.length);
    expect(reading.opened().passages[1].target).toBe('no');
  },
);

test('a tagger’s scores and tags are those of the pipeline', async () => {
  const { pipeline, reading } = tagger();
  const [{ tokens }] = await pipeline.predict([['a', 'b', 'a', 'c']]);
  expect(reading.opened().passages[0]).toMatchObject({
    target: 'xyxz',
    output: tokens.map(({ label }) => label).join(''),
  });
  for (const [t, { label, score }] of tokens.entries()) {
    const [first] = reading.next(t);
    expect([first.symbol, first.probability]).toEqual([label, expect.closeTo(score, 5)]);
  }
});

test.each(['additive', 'general'] as const)(
  'a translator’s probabilities are those it has when it is taught (%s)',
  (decoder) => {
    const { pipeline, reading } = translator(decoder);
    const { model, tokenizers } = pipeline;
    const { passages, symbols } = reading.opened();
    expect(symbols.slice(0, 5)).toEqual(['a', 'b', 'c', 'a', ' → ']);
    const output = tokenizers.target.encode(passages[0].output ?? '');
    const logits = model.forward(model.batch([tokenizers.source.encode('abca')], [output])).logits;
    const p = logits.softmax().dataSync();
    const V = model.config.targetVocabulary;
    for (let k = 0; k <= output.length; k++) {
      const came = k < output.length ? output[k] : (model.config.end as number);
      const found = reading.next(4 + k).find((one) => one.came);
      expect(found?.probability).toBeCloseTo(p[k * V + came], 4);
    }
    expect(reading.next(2)).toEqual([]);
  },
);

test('the gradient of a classifier is that of its embeddings', () => {
  const { pipeline, reading } = classifier();
  const model = pipeline.model as SequenceClassifier;
  const { norms } = reading.gradient(2);
  const ids = pipeline.tokenizer.encode(reviews[0][0]);
  const logits = model
    .eval()
    .forward(indices(ids, [ids.length, 1]))[0]
    .logSoftmax();
  const best = logits.argmax(-1).itemSync();
  model.zeroGrad();
  logits
    .slice(1, best, best + 1)
    .sum()
    .backward();
  const grad = model.embedding?.weight.grad?.dataSync() ?? new Float32Array();
  for (const [t, id] of ids.entries())
    expect(norms[t]).toBeCloseTo(Math.hypot(...grad.subarray(id * 5, (id + 1) * 5)), 5); // every word comes once
});
