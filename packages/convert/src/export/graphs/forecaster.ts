// A forecaster: the last `length` steps of a series in its own units → the next `horizon`, standardized inside as the library does it.

import type { Forecaster } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { GraphBuilder, type Value } from '../graph-builder.ts';

const smallest = 1e-5; // added to a window's variance, as in Forecaster

/** input [length, B, C] (and known [length + horizon, B, K]) → values [horizon, B, C], and with quantiles those [horizon, B, C, Q]. */
export function forecasterGraph(model: Forecaster): GraphSpec {
  const { channels: C, length, horizon, known: K, quantiles } = model.config;
  const g = new GraphBuilder();
  const x = g.input('input', 'float', [length, 'batch', C]);
  const ahead = K > 0 ? g.input('known', 'float', [length + horizon, 'batch', K]) : null;
  const [mean, deviation] = [g.parameter('mean', [C]), g.parameter('deviation', [C])];
  const standard = (values: Value, m: Value, d: Value) => g.op('Div', [g.op('Sub', [values, m]), d]);
  const known = ahead && standard(ahead, g.parameter('known_mean', [K]), g.parameter('known_deviation', [K]));
  const parts = spreadOut(g, model, reversible(g, model, standard(x, mean, deviation), known)).map((part) =>
    g.op('Add', [g.op('Mul', [part, deviation]), mean]),
  );
  g.output('values', parts[middleOf(quantiles)], [horizon, 'batch', C]);
  if (quantiles.length > 0) {
    const all = parts.map((part) => g.op('Unsqueeze', [part], { axes: [3] }));
    g.output('quantiles', g.op('Concat', all, { axis: 3 }), [horizon, 'batch', C, quantiles.length]);
  }
  return g.finish();
}

/** The number of the quantile that is nearest to the median. */
function middleOf(quantiles: readonly number[]): number {
  const distance = quantiles.map((q) => Math.abs(q - 0.5));
  return Math.max(0, distance.indexOf(Math.min(...distance)));
}

/** Quantiles by the model's spread nearer to the middle one, or farther from it. */
function spreadOut(g: GraphBuilder, { spread, config }: Forecaster, parts: Value[]): Value[] {
  if (spread === 1) return parts;
  const middle = parts[middleOf(config.quantiles)];
  return parts.map((part) =>
    part === middle ? part : g.op('Add', [middle, g.op('MulScalar', [g.op('Sub', [part, middle])], { value: spread })]),
  );
}

/** Around the network: each window to mean 0 and deviation 1, and its forecast back. One value [horizon, B, C] a quantile. */
function reversible(g: GraphBuilder, model: Forecaster, x: Value, known: Value | null): Value[] {
  const { channels: C, normalization } = model.config;
  if (normalization === 'none') return perChannel(g, model, x, known);
  const [gain, shift] = [g.parameter('gain', [C]), g.parameter('shift', [C])];
  const mean = g.op('ReduceMean', [x], { axes: [0], keepdims: true });
  const centered = g.op('Sub', [x, mean]);
  const variance = g.op('ReduceMean', [g.op('Mul', [centered, centered])], { axes: [0], keepdims: true });
  const deviation = g.op('Sqrt', [g.op('AddScalar', [variance], { value: smallest })]);
  const scaled = g.op('Add', [g.op('Mul', [g.op('Div', [centered, deviation]), gain]), shift]);
  return perChannel(g, model, scaled, known).map((y) => {
    const back = g.op('Div', [g.op('Sub', [y, shift]), gain]);
    return g.op('Add', [g.op('Mul', [back, deviation]), mean]);
  });
}

/** Each channel as a row of its own, where the network reads them alone. */
function perChannel(g: GraphBuilder, model: Forecaster, x: Value, known: Value | null): Value[] {
  const { channels: C, length, horizon, known: K } = model.config;
  if (!model.config.perChannel) return network(g, model, x, known, C);
  const rows = g.op('Reshape', [x], { shape: [length, -1, 1] });
  const repeated = Array.from({ length: C }, () => g.op('Unsqueeze', [known as Value], { axes: [2] }));
  const everywhere =
    known && g.op('Reshape', [g.op('Concat', repeated, { axis: 2 })], { shape: [length + horizon, -1, K] });
  return network(g, model, rows, everywhere, 1).map((y) => g.op('Reshape', [y], { shape: [horizon, -1, C] }));
}

function network(g: GraphBuilder, model: Forecaster, x: Value, known: Value | null, C: number): Value[] {
  const { length, horizon, method, cell, numLayers, known: K } = model.config;
  const past = known ? g.op('Concat', [x, range(g, known, 0, 0, length)], { axis: 2 }) : x;
  const { states } = g.recurrent('recurrent', model.recurrent, cell, past);
  if (method === 'recursive') return stepByStep(g, model, x, states, known, C);
  const hidden = g.op('Select', [states[0]], { axis: 0, index: numLayers - 1 });
  const turned = known && g.op('Transpose', [range(g, known, 0, length, length + horizon)], { perm: [1, 0, 2] });
  const ahead = turned && g.op('Reshape', [turned], { shape: [-1, horizon * K] });
  const y = g.linear('head', model.head, ahead ? g.op('Concat', [hidden, ahead], { axis: 1 }) : hidden);
  const Q = quantilesOf(model);
  const apart = g.op('Transpose', [g.op('Reshape', [y], { shape: [-1, horizon, C, Q] })], { perm: [1, 0, 2, 3] });
  return ordered(g, model, apart, base(g, model, x));
}

/** What the network's output is added to: [horizon or 1, B, C], or nothing. */
function base(g: GraphBuilder, { linear, config }: Forecaster, x: Value): Value | null {
  if (linear) {
    const y = g.linear('linear', linear, g.op('Transpose', [x], { perm: [1, 2, 0] }));
    return g.op('Transpose', [y], { perm: [2, 0, 1] });
  }
  return config.skip === 'last' ? range(g, x, 0, config.length - 1, config.length) : null;
}

function stepByStep(
  g: GraphBuilder,
  model: Forecaster,
  x: Value,
  start: readonly Value[],
  known: Value | null,
  C: number,
): Value[] {
  const { length, horizon, skip, cell, numLayers } = model.config;
  const Q = quantilesOf(model);
  let states = start;
  let last = range(g, x, 0, length - 1, length); // [1, B, C]
  const steps: Value[][] = [];
  for (let k = 0; k < horizon; k++) {
    if (k > 0) {
      const here = known && range(g, known, 0, length + k - 1, length + k);
      const read = here ? g.op('Concat', [last, here], { axis: 2 }) : last;
      ({ states } = g.recurrent('recurrent', model.recurrent, cell, read, { states }));
    }
    const y = g.linear('head', model.head, g.op('Select', [states[0]], { axis: 0, index: numLayers - 1 }));
    const parts = ordered(g, model, g.op('Reshape', [y], { shape: [1, -1, C, Q] }), skip === 'last' ? last : null);
    steps.push(parts);
    last = parts[middleOf(model.config.quantiles)];
  }
  return Array.from({ length: Q }, (_, q) =>
    g.op(
      'Concat',
      steps.map((parts) => parts[q]),
      { axis: 0 },
    ),
  );
}

/** y [.., C, Q] → one value a quantile; they cannot cross: the middle one as it is, the others from it outwards by softplus. */
function ordered(g: GraphBuilder, model: Forecaster, y: Value, added: Value | null): Value[] {
  const parts = Array.from({ length: quantilesOf(model) }, (_, q) => g.op('Select', [y], { axis: 3, index: q }));
  const middle = middleOf(model.config.quantiles);
  if (added) parts[middle] = g.op('Add', [parts[middle], added]);
  const distance = (q: number) => g.op('Softplus', [parts[q]]);
  for (let q = middle + 1; q < parts.length; q++) parts[q] = g.op('Add', [parts[q - 1], distance(q)]);
  for (let q = middle - 1; q >= 0; q--) parts[q] = g.op('Sub', [parts[q + 1], distance(q)]);
  return parts;
}

const quantilesOf = (model: Forecaster) => Math.max(1, model.config.quantiles.length);

/** Steps from … to of an axis. */
function range(g: GraphBuilder, x: Value, axis: number, from: number, to: number): Value {
  return g.op('Part', [x], { axis, from, to });
}
