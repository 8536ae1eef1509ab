// Test vectors as the written file has its values: the batch first, a mask for lengths, a state for each layer.

import type { GraphPort, GraphSpec } from 'unrolled/graph';
import type { ExportedNetwork } from '../../../export/network.ts';
import type { TestVector, VectorArray } from '../../../model/vectors.ts';
import type { Dialect } from './dialect.ts';
import { isLengths, portNames, timeOf, type Variant, variantsOf } from './translate.ts';

type Arrays = Readonly<Record<string, VectorArray>>;

/** All vectors of a network by part, each for the variant that has its inputs. Where the format has no masks, rows that are shorter than others are left out. */
export function kerasVectors(network: ExportedNetwork, dialect: Dialect): ExportedNetwork['vectors'] {
  return new Map(
    Array.from(network.graphs, ([part, graph]) => {
      const variants = variantsOf(network, graph);
      const vectors = (network.vectors.get(part) ?? []).map((vector) => {
        const given = Object.keys(vector.inputs).length;
        const fits = variants.find((one) => one.graph.inputs.length === given);
        return laidOut(vector, fits ?? (variants.at(-1) as Variant), dialect);
      });
      return [part, vectors] as const;
    }),
  );
}

function laidOut({ inputs, outputs, from }: TestVector, variant: Variant, dialect: Dialect): TestVector {
  const { graph } = variant;
  const given = { ...zeros(graph, inputs), ...inputs };
  const time = stepsOf(given, variant);
  const lengths = graph.inputs.find(isLengths);
  const whole = lengths && !dialect.masks ? inputs[lengths.name].values.map((n) => n === time) : null;
  const all = (ports: readonly GraphPort[], arrays: Arrays) =>
    Object.fromEntries(ports.flatMap((port) => named(port, arrays[port.name], variant, dialect, time, whole)));
  return { inputs: all(graph.inputs, given), outputs: all(graph.outputs, outputs), from };
}

/** Zeros for the states that a vector does not give. */
function zeros({ inputs: ports }: GraphSpec, inputs: Arrays): Arrays {
  const first = ports.find(({ name, shape }) => inputs[name] && shape?.includes('batch'));
  const batch = first ? inputs[first.name].shape[(first.shape as readonly unknown[]).indexOf('batch')] : 1;
  const missing = ports.filter(({ name }) => inputs[name] === undefined);
  return Object.fromEntries(
    missing.map(({ name, shape, element }) => {
      const sizes = (shape ?? []).map((d) => (typeof d === 'number' ? d : batch));
      return [name, { element, shape: sizes, values: new Array<number>(sizes.reduce((n, d) => n * d, 1)).fill(0) }];
    }),
  );
}

function named(
  port: GraphPort,
  array: VectorArray,
  variant: Variant,
  dialect: Dialect,
  time: number,
  rows: readonly boolean[] | null,
): (readonly [string, VectorArray])[] {
  const names = portNames(port, variant, dialect);
  if (isLengths(port)) return names.map((name) => [name, maskOf(array.values, time)] as const);
  const batch = (port.shape as readonly unknown[]).indexOf('batch');
  const first = keptRows(batchFirst(array, batch), rows);
  const isColumn = dialect.columns && first.shape.length === 1;
  if (isColumn) return [[names[0], { ...first, shape: [...first.shape, 1] }]];
  if (!variant.stacks.has(port.name)) return [[names[0], first]];
  return names.map((name, k) => [name, layerOf(first, k)] as const);
}

/** How many steps the rows have. */
function stepsOf(inputs: Arrays, { graph }: Variant): number {
  const time = timeOf(graph);
  const port = graph.inputs.find(({ shape }) => time !== null && shape?.includes(time));
  return port?.shape ? inputs[port.name].shape[port.shape.indexOf(time as string)] : 0;
}

function maskOf(lengths: readonly number[], time: number): VectorArray {
  const values = lengths.flatMap((n) => Array.from({ length: time }, (_, t) => (t < n ? 1 : 0)));
  return { element: 'bool', shape: [lengths.length, time], values };
}

/** Axis `batch` before all others, which keep their order. */
function batchFirst({ element, shape, values }: VectorArray, batch: number): VectorArray {
  const product = (sizes: readonly number[]) => sizes.reduce((n, d) => n * d, 1);
  const [before, rows, after] = [product(shape.slice(0, batch)), shape[batch], product(shape.slice(batch + 1))];
  const turned = Array.from({ length: values.length }, (_, i) => {
    const [b, a, c] = [Math.floor(i / (before * after)), Math.floor(i / after) % before, i % after];
    return values[(a * rows + b) * after + c];
  });
  return { element, shape: [rows, ...shape.filter((_, k) => k !== batch)], values: turned };
}

function keptRows(array: VectorArray, rows: readonly boolean[] | null): VectorArray {
  if (!rows) return array;
  const size = array.values.length / array.shape[0];
  const values = rows.flatMap((kept, b) => (kept ? array.values.slice(b * size, (b + 1) * size) : []));
  return { ...array, shape: [values.length / size, ...array.shape.slice(1)], values };
}

/** [B, n, H] → layer k's [B, H]. */
function layerOf({ element, shape: [B, n, H], values }: VectorArray, k: number): VectorArray {
  const own = Array.from({ length: B }, (_, b) => values.slice((b * n + k) * H, (b * n + k + 1) * H)).flat();
  return { element, shape: [B, H], values: own };
}
