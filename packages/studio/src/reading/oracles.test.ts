// Readings of images, numbers and series against the library itself: its pipelines, differences of two runs, and units that are held by hand.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, indices, noGrad, tensor, useBackend } from 'unrolled';
import { changeMaps, changeSteps } from 'unrolled/analysis';
import { planes } from './planes.ts';
import type { Edit } from './protocol.ts';
import { answerer, captioner, clips, forecaster, frames, image, numbers } from './readings.cases.ts';

const before = currentBackend();
beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));
afterAll(async () => void (await useBackend(before)));

const by = 1 / 64; // a step that float32 divides by exactly

/** (f(x + by) − f(x − by)) / 2by */
const slope = (f: (x: number) => number): number => (f(by) - f(-by)) / (2 * by);

describe.each(['soft', 'hard', 'inject', 'initial'] as const)('a captioner of form %s', (form) => {
  test('gives each word the probability that it has when it is taught', async () => {
    const { pipeline, reading } = captioner(form);
    const { model, tokenizer, input } = pipeline;
    const [{ output }] = reading.opened().passages;
    expect(output).toBe((await pipeline.caption(image(1), { beams: 1 }))[0].text);
    const ids = tokenizer.encode(output ?? '');
    const p = model
      .forward(model.batch(planes(image(1), input.image as never), [ids]), { hardAttention: 'argmax' })
      .logits.softmax()
      .dataSync();
    for (let k = 0; k <= ids.length; k++) {
      const came = k < ids.length ? ids[k] : (model.config.end as number);
      expect(reading.next(k).find((one) => one.came)?.probability).toBeCloseTo(p[k * tokenizer.size + came], 4);
    }
  });
});

test('the gradient of a caption on a pixel is what changes when the pixel does', () => {
  const { pipeline, reading } = captioner();
  const { model, input } = pipeline;
  const contract = input.image as never;
  const { norms, images } = reading.gradient(0);
  expect(norms.length).toBe(reading.opened().passages[0].to);
  expect(images.map(({ of }) => of)).toEqual(['regions', 'pixels']);
  const came = reading.next(0).find((one) => one.came);
  const id = pipeline.tokenizer.encode(came?.symbol ?? '')[0] ?? (model.config.end as number);
  const at = (y: number, x: number, c: number) => (change: number) =>
    noGrad(() => {
      const pixels = planes(image(1), contract);
      const values = Float32Array.from(pixels.dataSync());
      values[(c * 8 + y) * 8 + x] += change;
      const batch = model.batch(tensor(values, [1, 3, 8, 8]), [[]]);
      return model.forward(batch).logits.logSoftmax().dataSync()[id];
    });
  for (const [y, x] of [
    [2, 3],
    [7, 0],
  ]) {
    const found = Math.hypot(...[0, 1, 2].map((c) => slope(at(y, x, c))));
    expect(images[1].map[y][x]).toBeCloseTo(found, 2);
  }
});

describe.each([
  ['map', 'first'],
  ['recurrent', 'first'],
  ['recurrent', 'every'],
  ['product', 'first'],
] as const)('a reader of questions of form %s (%s)', (form, imageAt) => {
  test('answers what the pipeline does, and after a word what it answers to that part of the question', async () => {
    const { pipeline, reading } = answerer(form, imageAt);
    const question = 'is there a circle'.split(' ');
    const { backward } = reading.opened();
    expect(backward).toBe(form === 'map');
    for (const n of question.keys()) {
      const part = backward ? question.slice(n) : question.slice(0, n + 1);
      const [{ scores }] = await pipeline.answer(image(1), part.join(' '), { topK: 3 });
      for (const { symbol, probability } of reading.next(n))
        expect(probability).toBeCloseTo(scores.find(({ answer }) => answer === symbol)?.score ?? 0, 5);
    }
  });

  test('has a gradient by the words that it has read, and by no others', () => {
    const { reading } = answerer(form, imageAt);
    const { norms, images } = reading.gradient(1);
    const { backward } = reading.opened();
    expect(norms.map((norm) => norm > 0)).toEqual(backward ? [false, true, true, true] : [true, true, false, false]);
    expect(images[0].map.flat().filter((v) => v > 0).length).toBeGreaterThan(0);
  });
});

test('a place of a map that is held answers what it does when the map is changed by hand', () => {
  const { pipeline, reading } = answerer('map');
  const { model, tokenizer, input } = pipeline;
  const ids = tokenizer.encode('is there a circle');
  const questions = { question: indices(ids, [4, 1]), images: planes(image(1), input.image as never) };
  const held = (from: number) =>
    Array.from(
      changeMaps(
        ({ t, maps }) => {
          if (t > from) return maps;
          const values = Float32Array.from(maps.dataSync());
          values[5] = 0.9;
          return tensor(values, [...maps.shape]);
        },
        () => model.predict(questions).dataSync(),
      ),
    );
  const edit: Edit = { layer: 'reader', what: 's', unit: 5, value: 0.9, when: 'onward', n: 2 };
  for (const [when, by] of [
    ['onward', 2],
    ['always', 9],
  ] as const) {
    const { rows } = reading.hold({ ...edit, when });
    for (const { label, held: p } of rows) expect(p).toBeCloseTo(held(by)[pipeline.answers.indexOf(label)], 5);
  }
  expect(() =>
    changeMaps(
      () => tensor([1], [1, 1, 1, 1]),
      () => model.predict(questions),
    ),
  ).toThrow('changeMaps: expected maps of shape');
});

test('a classifier of clips predicts after a frame what it predicts for the clip that ends there', async () => {
  const { pipeline, reading } = clips();
  if (pipeline.per !== 'clip') throw new Error('a classifier of clips');
  for (let t = 0; t < 4; t++) {
    const [{ scores }] = await pipeline.predict({ frames: [1, 2, 3, 4].slice(0, t + 1).map(image) }, { topK: 2 });
    for (const { symbol, probability } of reading.next(t))
      expect(probability).toBeCloseTo(scores.find(({ label }) => label === symbol)?.score ?? 0, 5);
  }
  expect(reading.opened()).toMatchObject({ kind: 'clips', symbols: ['1', '2', '3', '4', '1', '2'] });
});

test('the gradient of a clip on a frame is what changes when a pixel of it does', () => {
  const { pipeline, reading } = clips();
  if (pipeline.per !== 'clip') throw new Error('a classifier of clips');
  const { norms, images } = reading.gradient(2);
  expect(norms.map((norm) => norm > 0)).toEqual([true, true, true, false]);
  expect(Math.hypot(...images[0].map.flat())).toBeCloseTo(norms[2], 6);
  const best = pipeline.labels.indexOf(reading.next(2)[0].symbol);
  const of = (c: number) => (change: number) =>
    noGrad(() => {
      const values = Float32Array.from([1, 2, 3].flatMap((n) => Array.from(image(n).data)));
      values[2 * 192 + (3 * 8 + 4) * 3 + c] += 255 * change;
      return pipeline.model
        .forward(tensor(values, [3, 1, 192]))[0]
        .logSoftmax()
        .dataSync()[best];
    });
  const found = Math.hypot(...[0, 1, 2].map((c) => slope(of(c)) / 255));
  expect(images[0].map[3][4]).toBeCloseTo(found, 4);
});

test('a tagger of frames and one of steps say what their pipelines do', async () => {
  const video = frames();
  if (video.pipeline.per !== 'frame') throw new Error('a tagger of frames');
  const [{ frames: found }] = await video.pipeline.predict({ frames: [1, 2, 3].map(image) });
  for (const [t, { label, score }] of found.entries())
    expect(video.reading.next(t)[0]).toMatchObject({ symbol: label, probability: expect.closeTo(score, 5) });
  const series = numbers('step');
  if (series.pipeline.per !== 'step') throw new Error('a tagger of steps');
  const [{ steps }] = await series.pipeline.predict([series.rows]);
  for (const [t, { label, score }] of steps.entries())
    expect(series.reading.next(t)[0]).toMatchObject({ symbol: label, probability: expect.closeTo(score, 5) });
});

/** The first window, with a column changed at a step. */
function windowOf(rows: readonly (readonly number[])[], change: { t: number; c: number; by: number } | null = null) {
  const all = rows
    .slice(0, 11)
    .map((row, t) => row.map((v, c) => (change?.t === t && change.c === c ? v + change.by : v)));
  const known = rows[0].length > 2 ? Float64Array.from(all.map((row) => row[2])) : null;
  return { input: Float64Array.from(all.slice(0, 8).flatMap((row) => row.slice(0, 2))), known, rows: 1 };
}

describe.each([
  {},
  { method: 'recursive' },
  { perChannel: true, normalization: 'reversible' },
  { known: 1 },
  { known: 1, method: 'recursive', skip: 'none' },
])('a forecaster (%o)', (more) => {
  test('forecasts what its pipeline does, beside what came', async () => {
    const { pipeline, rows, reading } = forecaster(more);
    const { series, symbols, passages } = reading.opened();
    const { from, to } = passages[passages.length - 1];
    expect(symbols.slice(from, to)).toEqual(['−7', '−6', '−5', '−4', '−3', '−2', '−1', '0', '+1', '+2', '+3']);
    const columns = { a: rows.slice(0, 27).map(([a]) => a), b: rows.slice(0, 27).map(([, b]) => b) };
    const known = { d: rows.slice(0, 30).map((row) => row[2]) };
    const [{ columns: found }] = await pipeline.forecast({
      columns,
      ...(pipeline.input.known.length > 0 && { known }),
    });
    const last = (values: readonly number[] | undefined) => values?.slice(to - 3, to);
    expect(last(series?.forecast?.values)).toEqual(found[0].values.map((v) => expect.closeTo(v, 5)));
    expect(last(series?.forecast?.low)).toEqual(found[0].quantiles[0].values.map((v) => expect.closeTo(v, 5)));
    for (const c of rows[0].keys()) expect(last(series?.columns[c])).toEqual(rows.slice(27).map((row) => row[c]));
  });

  test('its gradient is what a forecast changes when a value of the past does', () => {
    const { pipeline, rows, reading } = forecaster(more);
    const { from } = reading.opened().passages[0];
    const step = 1;
    const { norms } = reading.gradient(from + 8 + step);
    for (const t of rows[0].length > 2 ? [1, 6, 8, 9] : [1, 6]) {
      const of = (c: number) => (by: number) =>
        pipeline.model.forecastWindows(windowOf(rows, { t, c, by })).values[step * 2];
      const columns = Array.from(rows[0].keys()).filter((c) => t < 8 || c === 2); // of a step to come only what is known
      expect(norms[t]).toBeCloseTo(Math.hypot(...columns.map((c) => slope(of(c)))), 2);
      if (t < 8) expect(norms[t]).toBeGreaterThan(0);
    }
  });

  test('a unit that is held forecasts what it does when the state is changed by hand', () => {
    const { pipeline, rows, reading } = forecaster(more);
    const { layer } = reading.opened().tracks[0];
    const { series } = reading.hold({ layer, what: 'c', unit: 2, value: 1.5, when: 'always', n: 3 });
    const held = changeSteps(
      ({ after }) => {
        const { h, c } = after as { h: ReturnType<typeof tensor>; c: ReturnType<typeof tensor> };
        const values = Float32Array.from(c.dataSync());
        for (let k = 2; k < values.length; k += 6) values[k] = 1.5;
        return { h, c: tensor(values, [...c.shape]) };
      },
      () => pipeline.model.forecastWindows(windowOf(rows)),
    );
    expect(series?.held).toEqual([0, 2, 4].map((k) => expect.closeTo(held.values[k], 5)));
    expect(series?.free).not.toEqual(series?.held);
  });
});

test('a forecaster without rows enough says how many it reads', () => {
  expect(() => forecaster({}, 5)).toThrow('this forecaster reads 8 rows, and there are 5');
  expect(() => forecaster({ known: 1 }, 10)).toThrow('known in advance of the 3 after them, and there are 10');
});
