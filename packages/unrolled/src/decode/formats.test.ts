import { describe, expect, test } from 'vitest';
import { LanguageModel } from '../models/language-model.ts';
import { stepperOf } from '../models/language-stepper.ts';
import { init } from '../nn/index.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { quantizeWeights, roundRowsToInt8, roundToBfloat16 } from './formats.ts';

// bfloat16 has 7 bits behind the point: around 1 its numbers are 2⁻⁷ apart.
test.each([
  ['a number of its own', 1 + 2 ** -7, 1 + 2 ** -7],
  ['half way from an even one', 1 + 2 ** -8, 1],
  ['half way to an even one', 1 + 3 * 2 ** -8, 1 + 2 ** -6],
  ['just above half way', 1 + 2 ** -8 + 2 ** -20, 1 + 2 ** -7],
  ['just below half way', 1 + 3 * 2 ** -8 - 2 ** -20, 1 + 2 ** -7],
  ['a negative one', -1 - 3 * 2 ** -8, -1 - 2 ** -6],
  ['zero', 0, 0],
  ['the largest of float32', (2 - 2 ** -23) * 2 ** 127, Infinity],
  ['not a number', Number.NaN, Number.NaN],
  ['not a number, all bits of it', new Float32Array(Uint32Array.of(0x7fffffff).buffer)[0], Number.NaN],
])('bfloat16: %s', (_name, x, expected) => {
  expect(roundToBfloat16(x)).toBe(expected);
});

// The largest of a row is 127 steps: of 1, of 2, of none, and of 2⁻¹⁴⁹, the smallest float32, where 143 of them are cut to 127.
test('int8: every row has steps of its own, halves go to the even one, and a row of zeros stays', () => {
  const weights = Float32Array.from(
    [
      [127, 0.5, 1.5, -2.5, 63.2, -126.6],
      [-254, 3, 1, -1.1, 100.9, 0],
      [0, 0, 0, 0, 0, 0],
      [143 * 2 ** -149, 0, -(2 ** -149), 0, 0, 0],
    ].flat(),
  );
  roundRowsToInt8(weights, 4, 6);
  expect(Array.from(weights, (w) => w + 0)).toEqual(
    [
      [127, 0, 2, -2, 63, -127],
      [-254, 4, 0, -2, 100, 0],
      [0, 0, 0, 0, 0, 0],
      [127 * 2 ** -149, 0, -(2 ** -149), 0, 0, 0],
    ].flat(),
  );
});

describe('a quantized model', () => {
  const make = () => {
    manualSeed(5);
    const model = new LanguageModel(7, { cell: 'gru', hiddenSize: 6, numLayers: 2 });
    for (const p of model.parameters()) init.uniform(p, -1, 1);
    return model.eval();
  };
  const logits = (model: LanguageModel, format: 'float32' | 'bfloat16' | 'int8') => {
    const stepper = stepperOf(model, format);
    const read = [1, 4, 2].flatMap((id) => Array.from(stepper.step(id)));
    stepper.dispose();
    return read;
  };

  test.each(['bfloat16', 'int8'] as const)('has the logits of decoding in %s', (format) => {
    const model = make();
    const [whole, packed] = [logits(model, 'float32'), logits(model, format)];
    quantizeWeights(model, format);
    const rounded = logits(model, 'float32');
    for (const [k, y] of packed.entries()) expect(rounded[k]).toBeCloseTo(y, 4);
    expect(Math.max(...packed.map((y, k) => Math.abs(y - whole[k])))).toBeGreaterThan(1e-3); // or it would say nothing
  });

  test('in float32 is the model itself', () => {
    const model = make();
    quantizeWeights(model, 'float32');
    expect(logits(model, 'float32')).toEqual(logits(make(), 'float32'));
  });
});
