// Which graphs are models of text, and why others are not.

import type { GraphSpec } from 'unrolled/graph';
import { describe, expect, test } from 'vitest';
import type { TestVector } from '../model/vectors.ts';
import { ConversionReport } from '../model/report.ts';
import { textGraph, type WindowSettings, withWindow } from './text-graph.ts';

const vector = (shape: readonly number[], value = 1 / (shape.at(-1) as number)): TestVector => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { inputs: {}, outputs: { p: { element: 'float', shape, values: new Array<number>(size).fill(value) } }, from: 'here' }; // biome-ignore format: a line
};

/** ids → embedding of 4 → … → softmax. */
const graph = (changed: Partial<GraphSpec> = {}, end = 'Softmax'): GraphSpec => ({
  inputs: [{ name: 'ids', element: 'int', shape: ['batch', 'time'] }],
  outputs: [{ name: 'p', element: 'float', shape: null }],
  nodes: [
    { name: 'cast', op: 'Cast', inputs: ['ids'], outputs: ['whole'] },
    { name: 'emb', op: 'Embedding', inputs: ['whole'], outputs: ['x'], attributes: { numEmbeddings: 4 } },
    { name: 'end', op: end, inputs: ['x'], outputs: ['y'] },
    { name: 'last', op: 'Select', inputs: ['y'], outputs: ['p'] },
  ],
  ...changed,
});

describe('a graph of text', () => {
  test('reads the ids of its embedding and gives what its last function makes', () => {
    const found = textGraph(graph(), vector([2, 4]), 'text-generation');
    expect(found).toEqual({
      reading: {
        input: 'ids',
        output: 'p',
        form: 'ids',
        symbols: 4,
        timeFirst: false,
        length: null,
        gives: 'probabilities',
      },
      classes: 4,
    });
    const timeFirst = graph({ inputs: [{ name: 'ids', element: 'int', shape: [20, 'batch'] }] }, 'LogSoftmax');
    const { reading } = textGraph(timeFirst, vector([2, 4], Math.log(0.25)), 'text-classification');
    expect(reading).toMatchObject({ timeFirst: true, length: 20, gives: 'log-probabilities' });
    const sigmoid = textGraph(graph({}, 'Sigmoid'), vector([2, 1]), 'text-classification');
    expect([sigmoid.classes, sigmoid.reading.gives]).toEqual([2, 'probability']);
  });

  const rows = (d: number | string, width = 4) => ({ inputs: [{ name: 'x', element: 'float' as const, shape: [d, 'time', width] }] }); // biome-ignore format: a line
  test.each<[GraphSpec, readonly number[], 'text-generation' | 'text-classification', string]>([
    [graph({ inputs: [] }), [2, 4], 'text-generation', 'it reads 0 inputs'],
    [graph({ inputs: [{ name: 'x', element: 'float', shape: ['batch', 3] }] }), [2, 4], 'text-generation', 'its input "x" is neither ids [batch, time] nor one-hot rows'],
    [graph(rows('batch', 1)), [2, 1], 'text-generation', 'it reads one number a step'],
    [graph(rows(3)), [3, 4], 'text-generation', 'it reads 3 rows at a time'],
    [graph(rows('batch')), [2, 5], 'text-generation', 'it reads 4 symbols and gives 5'],
    [graph({ nodes: [] }), [2, 4], 'text-generation', 'how many symbols its input "ids" has is not known'],
    [graph(), [4], 'text-generation', 'it gives no scores of symbols or classes'],
    [graph(), [2, 3, 4], 'text-classification', 'it gives an answer for each step'],
    [graph({}, 'Relu'), [2, 1], 'text-classification', 'its output "p" is one number, and no probability'],
    [graph({}, 'Sigmoid'), [2, 4], 'text-classification', 'its output "p" is 4 sigmoids'],
  ])('is not one, and is told why: %#', (one, shape, task, why) => {
    expect(() => textGraph(one, vector(shape), task)).toThrow(why);
  }); // biome-ignore format: a table

  test('is not one with a softmax over another axis', () => {
    expect(() => textGraph(graph(), vector([2, 4], 0.5), 'text-generation')).toThrow('whose rows do not sum to 1');
  });
});

describe('what a format does not say', () => {
  const found = textGraph(graph(), vector([2, 4]), 'text-generation');
  const fixed = { ...found, reading: { ...found.reading, length: 6 } };
  const given = (one: typeof found, settings: WindowSettings, free: number | null) =>
    withWindow(one, { task: 'text-generation', ...settings }, graph(), free, new ConversionReport('net.h5'));

  test('is given, taken from the graph, or from the vocabulary', () => {
    expect(given(found, { window: 5 }, 0)).toMatchObject({ length: 5, padding: 0 });
    expect(given(found, { window: 5 }, null)).toMatchObject({ length: 5, padding: null });
    expect(given(found, { usualWindow: 40 }, 0)).toMatchObject({ length: 40, padding: null });
    expect(given(found, { usualWindow: 40, window: 5 }, 0)).toMatchObject({ length: 5, padding: 0 });
    expect(given(fixed, { usualWindow: 40 }, 0)).toMatchObject({ length: 6 });
    expect(given(fixed, { padding: 3 }, 0)).toMatchObject({ length: 6, padding: 3 });
  });

  test.each<[typeof found, { window?: number; padding?: number }, number | null, string]>([
    [found, {}, 0, 'net.h5: expected how many symbols the network reads at once, got nothing, for which the format has no place; name what it was trained on: --window 40'],
    [fixed, { window: 7 }, 0, 'net.h5: window: expected 6, which its input has, got 7'],
    [fixed, {}, null, 'expected an id that stands before a text of fewer than 6 symbols'],
    [fixed, { padding: 4 }, null, 'net.h5: padding: expected an id below 4, got 4'],
  ])('is asked for by name: %#', (one, settings, free, message) => {
    expect(() => given(one, settings, free)).toThrow(message);
  }); // biome-ignore format: a table
});
