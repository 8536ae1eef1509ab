// What the page asks about a network that has read something, computed without a page: networks of random weights, whose answers are compared with the
// library's own.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, indices, type SequenceClassifier, useBackend } from 'unrolled';
import type { Edit } from './protocol.ts';
import { classifier, readings, reviews, tagger, translator } from './readings.cases.ts';

const before = currentBackend();
beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));
afterAll(async () => void (await useBackend(before)));

describe.each(Object.entries(readings))('a %s', (_name, make) => {
  test('is read token by token, and every unit is there at every token', () => {
    const reading = make();
    const { symbols, passages, tracks, losses } = reading.opened();
    expect(passages.at(-1)?.to).toBe(symbols.length);
    expect(losses.length).toBe(symbols.length);
    // h, c and the gates of an LSTM; maps have no gates
    expect(new Set(tracks.map(({ what }) => what)).size).toBeGreaterThan(tracks[0].layer === 'reader' ? 0 : 4);
    for (const { layer, what, size } of tracks)
      expect(reading.unit({ layer, what, unit: size - 1 }).length).toBe(symbols.length);
    const { layer, what } = tracks[0];
    const around = reading.around({ layer, what, unit: 1 }, 0, 3);
    expect(around.from).toBe(0);
    expect(around.tracks.find((track) => track.what === what)?.values).toEqual(
      Array.from(reading.unit({ layer, what, unit: 1 }).subarray(0, Math.min(4, passages[0].to))),
    );
  });

  test('gives probabilities at every place, and the gradient stays in its passage', () => {
    const reading = make();
    const { passages, kind, backward, frames } = reading.opened();
    for (const { from, to, image } of passages) {
      const last = reading.next(to - 1);
      if (kind !== 'forecast') expect(last.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
      const end = backward ? from : to - 1;
      const { from: start, norms, images } = reading.gradient(end);
      expect([start, norms.length]).toEqual([from, to - from]);
      expect(norms.every((norm) => Number.isFinite(norm))).toBe(true);
      expect(norms[kind === 'forecast' ? 0 : end - from]).toBeGreaterThan(0);
      const pixels = images.find(({ of }) => of === 'pixels')?.map;
      expect(pixels?.length).toBe(image || frames ? 8 : undefined);
      expect(pixels?.flat().some((v) => v > 0)).toBe(pixels && true);
    }
  });

  test('a unit or a gate that is held changes what comes out, and one that is held at nothing else does not', () => {
    const reading = make();
    const { tracks } = reading.opened();
    const free = (edit: Edit) => {
      const { texts, rows, series } = reading.hold(edit);
      return JSON.stringify([texts?.free, rows.map((row) => row.free), series?.free]);
    };
    const state = tracks.find(({ what }) => what === 'h') ?? tracks[0];
    const edit: Edit = { layer: state.layer, what: state.what, unit: 0, value: 3, when: 'onward', n: 1 };
    const before = free(edit);
    const { held, whole } = reading.ablate(edit, null).all;
    expect(held).not.toBe(whole);
    for (const { layer, what } of tracks)
      expect(free({ ...edit, layer, what, value: what === 'g' ? -1 : 1, when: 'always' })).toBe(before);
    const changed = tracks.some(({ layer, what }) => {
      const { rows, texts } = reading.hold({ ...edit, layer, what, when: 'always' });
      return texts ? texts.free !== texts.held : rows.some((row) => Math.abs(row.free - row.held) > 1e-6);
    });
    expect(changed || reading.hold(edit).texts !== null).toBe(true); // a text of so few symbols may be robust
    for (const what of reading.opened().measures) expect(reading.measure(what).what).toBe(what);
  });

  test('every tensor of weights is there in numbers', () => {
    const all = make().weights();
    for (const { shape, counts, norm, mean, deviation, low, high } of all) {
      const size = shape.reduce((n, d) => n * d, 1);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(size);
      expect(norm ** 2 / size).toBeCloseTo(mean ** 2 + deviation ** 2, 5);
      expect(mean).toBeGreaterThanOrEqual(low - 1e-6);
      expect(mean).toBeLessThanOrEqual(high + 1e-6);
    }
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(4);
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
