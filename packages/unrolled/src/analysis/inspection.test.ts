import { expect, test } from 'vitest';
import { StreamBatcher } from '../data/streams.ts';
import { LanguageModel } from '../models/language-model.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { languageTask } from '../train/language-task.ts';
import { describeInspection, inspectOnce } from './inspection.ts';

const [V, H] = [5, 4];

/** An LSTM without recurrent weights, its gates held by these biases; only g looks at the input. */
function held(i: number, f: number, o: number) {
  manualSeed(1);
  const model = new LanguageModel(V, { cell: 'lstm', hiddenSize: H, numLayers: 1 });
  const biases = [i, f, 0, o];
  for (const [name, p] of model.recurrent.namedParameters()) {
    if (name === 'weight_hh_l0' || name === 'bias_hh_l0') p.set(new Float32Array(p.size));
    if (name === 'bias_ih_l0') p.set(Array.from({ length: 4 * H }, (_, k) => biases[Math.floor(k / H)]));
    if (name === 'weight_ih_l0') p.set(p.dataSync().map((w, k) => (Math.floor(k / (H * H)) === 2 ? w : 0)));
  }
  const ids = Int32Array.from({ length: 200 }, (_, n) => (n * n) % V);
  const task = languageTask(model, { train: new StreamBatcher(ids, { streams: 3, windowLength: 40 }) });
  return inspectOnce(model, task.probe({ rows: 1, steps: 30 }));
}

test('a forget gate that is held open keeps the gradient of c, and is seen to be open', () => {
  const inspection = held(0, 40, -9);
  expect(inspection.steps).toBe(30);
  expect(inspection.flow.find(({ of }) => of === 'c')?.factor).toBeCloseTo(1, 5);
  expect(inspection.gates).toEqual([
    { layer: 'l0', gate: 'i', shut: 0, open: 0 },
    { layer: 'l0', gate: 'f', shut: 0, open: expect.closeTo(1, 6) },
    { layer: 'l0', gate: 'o', shut: expect.closeTo(1, 6), open: 0 },
  ]);
  expect(describeInspection(inspection)).toContain('l0 c ×1.00');
  expect(describeInspection(inspection)).toContain('gates shut/open: l0 i 0/0 %, l0 f 0/100 %, l0 o 100/0 %');
});

test('one that is half open halves the gradient of c at every step', () => {
  expect(held(0, 0, 0).flow.find(({ of }) => of === 'c')?.factor).toBeCloseTo(0.5, 4);
});
