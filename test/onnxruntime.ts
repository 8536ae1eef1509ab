// Exported models in onnxruntime, an implementation of ONNX that is not ours: graph by graph, arrays by the names of inputs and outputs.

import type { Module } from 'unrolled';
import { compareOutputs, type GraphSpec, vectorValue } from 'unrolled/graph';
import { expect } from 'vitest';
import {
  computeInFloat64,
  exportedNetwork,
  seededInputs,
  type VectorArrays,
} from '../packages/convert/src/export/export-model.ts';
import type { ExportedNetwork } from '../packages/convert/src/export/network.ts';
import { onnxFile } from '../packages/convert/src/formats/onnx/write.ts';
import { writeNetwork } from '../packages/convert/src/write-model.ts';

/** Null where onnxruntime-node is not installed. */
export const ort = await import('onnxruntime-node').catch(() => null);

/** Inputs → outputs. States that are not given are one row of zeros. */
export type Run = (inputs: VectorArrays) => Promise<VectorArrays>;

/** A batch size and a number of steps. */
export type Case = readonly [batch: number, time: number];

/** A graph of a model, its file, and the file in onnxruntime, where that is installed. */
export interface ExportedPart {
  readonly graph: GraphSpec;
  readonly bytes: Uint8Array;
  readonly run: Run;
}

/** The graphs of a network as ONNX, by their parts. */
export async function asOnnx(network: ExportedNetwork): Promise<Map<string, ExportedPart>> {
  const { files } = await writeNetwork(network, 'onnx');
  const parts = Array.from(network.graphs, async ([part, graph]) => {
    const bytes = files.get(onnxFile('model', part)) as Uint8Array;
    return [part, { graph, bytes, run: await sessionOf(bytes, graph) }] as const;
  });
  return new Map(await Promise.all(parts));
}

/** A file in onnxruntime. */
async function sessionOf(bytes: Uint8Array, graph: GraphSpec): Promise<Run> {
  if (!ort) return () => Promise.reject(new Error('onnxruntime-node is not installed'));
  const { InferenceSession } = ort;
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  return async (inputs) => {
    const outputs = await session.run(feeds({ ...zeroStates(graph), ...inputs }));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => {
        return [name, { element: 'float', shape: dims, values: Array.from(data as Float32Array) }];
      }),
    );
  };
}

/** Vectors of a part: those that it is certified with, and more of other sizes. In every second one the states are given. */
export function vectorsOf(model: Module, { graphs, vectors }: ExportedNetwork, part: string, cases: readonly Case[]) {
  const more = cases.map(([batch, time], k) => {
    const inputs = seededInputs(graphs.get(part) as GraphSpec, {
      batch,
      time,
      seed: batch + time,
      states: k % 2 === 0,
    });
    return { inputs, outputs: computeInFloat64(model, part, inputs) };
  });
  return [...(vectors.get(part) ?? []), ...more];
}

/** The largest error of a model's graphs in onnxruntime, relative to the largest output. */
export async function onnxError(model: Module, cases: readonly Case[]): Promise<number> {
  const network = exportedNetwork(model);
  const errors: number[] = [];
  for (const [part, { run }] of await asOnnx(network))
    for (const { inputs, outputs } of vectorsOf(model, network, part, cases))
      errors.push(errorOf(part, outputs, await run(inputs)));
  return Math.max(...errors); // NaN stays
}

/** The largest error of outputs, which have to be those that are expected and no others. */
export function errorOf(source: string, expected: VectorArrays, got: VectorArrays): number {
  expect(Object.keys(got).toSorted()).toEqual(Object.keys(expected).toSorted());
  const values = Object.entries(got).map(([name, array]) => [name, vectorValue(array)] as const);
  return compareOutputs(source, expected, Object.fromEntries(values)).relative;
}

/** One row of zeros for every state. */
function zeroStates({ inputs }: GraphSpec): VectorArrays {
  const optional = inputs.filter((port) => port.optional);
  return Object.fromEntries(
    optional.map(({ name, shape }) => {
      const sizes = (shape ?? []).map((d) => (typeof d === 'number' ? d : 1));
      const values = new Array<number>(sizes.reduce((n, d) => n * d, 1)).fill(0);
      return [name, { element: 'float', shape: sizes, values } as const];
    }),
  );
}

function feeds(inputs: VectorArrays) {
  const { Tensor } = ort as NonNullable<typeof ort>;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { element, shape, values }]) => [
      name,
      element === 'float'
        ? new Tensor('float32', Float32Array.from(values), shape)
        : new Tensor('int64', BigInt64Array.from(values, BigInt), shape),
    ]),
  );
}
