// Networks that read with changed weights: what they then give is what a network with those weights gives, and without a change all is as it was, to the bit.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cellNames, currentBackend, indices, manualSeed, type Module, SequenceClassifier, useBackend } from 'unrolled';
import { ChangedReading } from './changed-reading.ts';
import { matrixOf } from './matrix-of.ts';
import { alone } from './examples-reading.ts';
import { LabelsReading } from './labels-reading.ts';
import type { WeightChange } from './protocol.ts';
import { captioner, cases, classifier, writer } from './readings.cases.ts';
import type { TraceReading } from './trace-reading.ts';

const before = currentBackend();
beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));
afterAll(async () => void (await useBackend(before)));

type Case = { readonly pipeline: { readonly model: Module }; readonly read: () => TraceReading };
const all: Readonly<Record<string, () => Case>> = { ...cases, writer };

function opened(make: () => Case) {
  const { pipeline, read } = make();
  const { model } = pipeline;
  const changing = new ChangedReading(model, read(), read);
  const whole = changing.now.opened();
  return { model, read, changing, whole };
}

const one = (tensor: string, row: number, column: number, value: number): WeightChange => ({ tensor, row, column, how: 'set', value }); // biome-ignore format: a line
const valuesOf = (model: Module) =>
  Array.from(model.namedParameters(), ([name, p]) => [name, Array.from(p.dataSync())]);

describe.each(Object.entries(all))('a %s', (_name, make) => {
  test('reads with changed weights as a network that has them, and as before without', () => {
    const { model, read, changing, whole } = opened(make);
    const weights = valuesOf(model);
    const recurrent = changing.now.weights().findLast(({ name, shape }) => shape.length === 2 && /weight/.test(name));
    const { name: tensor = '', shape = [] } = recurrent ?? {};
    const place = whole.passages[0].from;
    const next = changing.now.next(place);
    const changes = [
      one(tensor, 0, shape[1] - 1, 5),
      { tensor, row: 1, column: null, how: 'scale', value: -3 } as const,
    ];
    const { opened: found, changed } = changing.change(changes);
    const parameter = new Map(model.namedParameters()).get(tensor);
    const values = parameter?.dataSync() ?? [];
    const old = weights.find(([name]) => name === tensor)?.[1] as number[];
    const C = matrixOf(shape)[1];
    expect(values[C - 1]).toBe(5);
    expect(changed[0]).toEqual({ ...changes[0], before: old[C - 1], after: 5 });
    const norm = Math.hypot(...old.slice(C, 2 * C));
    expect(changed[1].before).toBeCloseTo(norm, 5);
    expect(changed[1].after).toBeCloseTo(3 * norm, 5);
    for (let k = 0; k < old.length; k++) {
      const expected = k === C - 1 ? 5 : k >= C && k < 2 * C ? Math.fround(-3 * old[k]) : old[k];
      expect(values[k]).toBe(expected);
    }
    // What is read is what the network with these weights gives.
    const by = read();
    const { tracks: _, ...same } = by.opened();
    expect(found).toEqual(same);
    expect(changing.now.next(place)).toEqual(by.next(place));
    const { layer, what } = whole.tracks[0];
    expect(changing.now.unit({ layer, what, unit: 0 })).toEqual(by.unit({ layer, what, unit: 0 }));
    // What it gave before is there, and nothing of the change is lost by looking.
    expect(changing.nextCompared(place).free).toEqual(next);
    expect(parameter?.dataSync()[C - 1]).toBe(5);
    // One change is taken back, and then the other.
    changing.change(changes.slice(1));
    expect(parameter?.dataSync()[C - 1]).toBe(old[C - 1]);
    const back = changing.change([]);
    expect(valuesOf(model)).toEqual(weights);
    expect(changing.now.opened()).toEqual(whole);
    expect(back.changed).toEqual([]);
    expect(back.weights).toEqual([{ ...recurrent, gates: undefined }].map(({ gates: _gates, ...numbers }) => numbers));
  });
});

test('what a captioner writes follows its weights', () => {
  const { changing, whole } = opened(captioner);
  const output = changing.now.weights().findLast(({ shape }) => shape.length === 1);
  const { opened: found } = changing.change([one(output?.name ?? '', 4, 0, 50)]);
  expect(found.passages[0].output).not.toBe(whole.passages[0].output);
  expect(changing.change([]).opened.passages[0].output).toBe(whole.passages[0].output);
});

test('changes of one weight follow each other, and a refused one changes nothing', () => {
  const { model, changing } = opened(classifier);
  const [{ name }] = changing.now.weights();
  const [[, old]] = valuesOf(model) as [string, number[]][];
  const { changed } = changing.change([one(name, 1, 2, 0.5), one(name, 1, 2, 0.25)]);
  expect(changed.map(({ before: from, after }) => [from, after])).toEqual([[old[7], 0.5], [0.5, 0.25]]); // biome-ignore format: a line
  const now = valuesOf(model);
  for (const [wrong, message] of [
    [one('none', 0, 0, 1), 'there is no tensor of weights none'],
    [one(name, 1, 5, 1), `${name} has no weight [1, 5]`],
    [one(name, 0.5, 0, 1), `${name} has no weight [0.5, 0]`],
    [one(name, -1, 0, 1), `${name} has no weight [-1, 0]`],
    [one(name, 0, 0, Number.NaN), `${name}: expected a finite number, got NaN`],
    [one(name, 0, 0, 1e39), `${name}: expected a finite number, got 1e+39`],
    [{ tensor: name, row: 0, column: null, how: 'scale', value: 3e38 }, 'becomes Infinity; choose a smaller number'],
  ] as const)
    expect(() => changing.change([one(name, 0, 0, 9), wrong])).toThrow(message);
  expect(valuesOf(model)).toEqual(now);
});

test('weights with which nothing can be read are taken back', () => {
  const { pipeline, read } = classifier();
  let fails = false;
  const changing = new ChangedReading(pipeline.model, read(), () => {
    if (fails) throw new Error('too much');
    return read();
  });
  const [{ name }] = changing.now.weights();
  changing.change([one(name, 0, 0, 2)]);
  const [reading, weights] = [changing.now, valuesOf(pipeline.model)];
  fails = true;
  expect(() => changing.change([one(name, 0, 0, 3)])).toThrow('too much');
  expect(changing.now).toBe(reading);
  expect(valuesOf(pipeline.model)).toEqual(weights);
});

test('a block is as much of a part of a tensor as it has', () => {
  const { model, changing } = opened(classifier);
  const [[tensor, parameter]] = model.namedParameters();
  const [R, C] = parameter.shape;
  const { values } = changing.block({ tensor, row: R - 2, column: 1, rows: 9, columns: 3 });
  const all = parameter.dataSync();
  expect(values).toEqual([R - 2, R - 1].map((r) => [1, 2, 3].map((c) => all[r * C + c])));
});

/** Cells whose gates are named, and all of which have rows in the weights. */
const gated = ['lstm', 'lstm-peephole', 'lstm-layer-norm', 'lstm-coupled', 'gru', 'gru-reset-before', 'gru-layer-norm'];

test.each(cellNames)('rows of %s are those of the gates that they are named for', (cell) => {
  manualSeed(2);
  const sizes = { vocabularySize: 9, classes: 2, hiddenSize: 4, embeddingDim: 3, numLayers: 1 };
  const model = new SequenceClassifier({ cell, ...sizes });
  const source = () => indices([3, 5], [2, 1]);
  const example = { tokens: ['a', 'b'], between: ' ', label: -1, source };
  const read = () => new LabelsReading(alone(model), [example], ['no', 'yes'], { kind: 'labels' });
  const changing = new ChangedReading(model, read(), read);
  const named = changing.now.weights().filter(({ gates, shape }) => gates.length > 1 && shape.length === 1 && shape[0] === gates.length * 4); // biome-ignore format: a line
  const firsts = (gates: readonly string[]) =>
    gates.map((what) => changing.now.unit({ layer: 'l0', what, unit: 1 })[0]);
  const biases = named.filter(({ name }) => name.includes('bias'));
  expect(biases.length > 0).toBe(gated.includes(cell));
  for (const { name, gates } of biases)
    for (const k of gates.keys()) {
      changing.change([]);
      const whole = firsts(gates);
      changing.change([one(name, 4 * k + 1, 0, 0.8)]);
      const apart = firsts(gates).map((v, g) => Math.abs(v - whole[g]));
      expect(apart.indexOf(Math.max(...apart))).toBe(k);
      expect(apart[k]).toBeGreaterThan(0.01);
    }
});
