// A model of the library's own and the graph that it comes from, side by side: the same symbols through both, and how far their probabilities are apart.

import { noGrad, Random, scope, type Tensor, tensor } from 'unrolled';
import { vectorNetwork } from 'unrolled/pipelines';
import { type GraphPort, type GraphValue, HostArray } from 'unrolled/graph';
import type { ImportedModel } from '../model/imported-model.ts';
import { compareOutputs, inFloat64, type TestVector, vectorArray, type VectorError } from '../model/vectors.ts';
import { moduleOf, type OwnModel } from '../match/models.ts';

const [usualBatch, usualSteps] = [2, 7];

/**
 * A test vector of the model: seeded symbols, and the probabilities of the graph in float64. `same` is how far the two are apart when both are computed on
 * the current backend.
 */
export function ownVector(
  model: ImportedModel,
  own: OwnModel,
  rows: readonly (number | null)[],
): { readonly vector: TestVector; readonly error: VectorError; readonly same: VectorError } {
  const { input, timeFirst } = own.path;
  const fixed = (axis: number, usual: number) => (typeof input.shape?.[axis] === 'number' ? input.shape[axis] : usual);
  const [B, T] = timeFirst
    ? [fixed(1, usualBatch), fixed(0, usualSteps)]
    : [fixed(0, usualBatch), fixed(1, usualSteps)];
  const random = new Random(1);
  // Padding is no symbol of a network that masks it: its row is never read there.
  const known = [...rows.keys()].filter((id) => rows[id] !== null && !(own.path.masked && rows[id] === 0));
  const ids = Array.from({ length: T * B }, () => known[random.integer(known.length)]);
  const graph = () => graphOutputs(model, own, rows, { ids, T, B });
  const outputs = inFloat64(() => vectorOf(graph()));
  const vector: TestVector = {
    inputs: { input: { element: 'int', shape: [T, B], values: ids } },
    outputs,
    from: 'float64, reference backend, the graph',
  };
  const network = vectorNetwork(moduleOf(own));
  return scope(() =>
    noGrad(() => {
      const found = network.forward({ input: new HostArray('int', [T, B], ids) });
      return {
        vector,
        error: compareOutputs(model.source, outputs, found),
        same: compareOutputs(model.source, vectorOf(graph()), found),
      };
    }),
  );
}

const vectorOf = (values: Readonly<Record<string, GraphValue>>): TestVector['outputs'] =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, vectorArray(value)]));

/** The graph's probabilities for symbols [T, B] of the run, in the run's order of symbols. */
function graphOutputs(
  model: ImportedModel,
  { path, symbols, gives, type }: OwnModel,
  rows: readonly (number | null)[],
  { ids, T, B }: { readonly ids: readonly number[]; readonly T: number; readonly B: number },
): Record<string, Tensor> {
  const { input, timeFirst } = path;
  const placed = timeFirst ? ids : Array.from({ length: T * B }, (_, k) => ids[(k % T) * B + Math.floor(k / T)]);
  const own = placed.map((id) => rows[id] as number);
  const shape = timeFirst ? [T, B] : [B, T];
  const graph = model.module();
  const others = graph.graph.inputs.filter(({ name, optional }) => path.others.includes(name) && !optional);
  const { [path.output]: output } = graph.forward({
    [input.name]: input.element === 'float' ? oneHot(own, shape, symbols) : new HostArray('int', shape, own),
    ...Object.fromEntries(others.map((port) => [port.name, begin(port, { T, B })])),
  });
  const y = inOrder(output as Tensor, path.outputAxes);
  const p = probabilitiesOf(y, gives);
  if (type !== 'language-model') return { probabilities: p };
  const reordered = columns(p, rows);
  return y.rank === 2 ? { last: reordered } : { probabilities: reordered };
}

function oneHot(ids: readonly number[], shape: readonly number[], V: number): Tensor {
  const values = new Float64Array(ids.length * V);
  for (const [k, id] of ids.entries()) values[k * V + id] = 1;
  return tensor(values, [...shape, V]);
}

/** Zeros for initial states; the whole length for lengths. */
function begin({ element, shape }: GraphPort, { T, B }: { readonly T: number; readonly B: number }): GraphValue {
  if (element !== 'float')
    return new HostArray(
      'int',
      [B],
      Array.from({ length: B }, () => T),
    );
  const own = (shape ?? []).map((d) => (typeof d === 'number' ? d : B));
  return tensor(new Float64Array(own.reduce((n, d) => n * d, 1)), own);
}

/** [T, B, C] or [B, C] */
function inOrder(y: Tensor, axes: readonly string[]): Tensor {
  return axes[0] === 'B' && axes.length === 3 ? y.transpose(0, 1) : y;
}

function probabilitiesOf(y: Tensor, gives: OwnModel['gives']): Tensor {
  switch (gives) {
    case 'logits':
      return y.softmax();
    case 'log-softmax':
      return y.exp();
    case 'softmax':
      return y;
    case 'sigmoid': {
      const [p, shape] = [y.dataSync(), [y.shape[0], 2]];
      return tensor(
        Array.from(p).flatMap((one) => [1 - one, one]),
        shape,
      );
    }
    default:
      throw gives satisfies never;
  }
}

/** The probabilities of the run's symbols; 0 for those that the graph does not have. */
function columns(p: Tensor, rows: readonly (number | null)[]): Tensor {
  if (rows.length === p.shape.at(-1) && rows.every((row, id) => row === id)) return p;
  const V = p.shape.at(-1) as number;
  const values = p.dataSync();
  const steps = values.length / V;
  const taken = Array.from({ length: steps }, (_, k) =>
    rows.map((row) => (row === null ? 0 : values[k * V + row])),
  ).flat();
  return tensor(taken, [...p.shape.slice(0, -1), rows.length]);
}
