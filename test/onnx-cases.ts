// ONNX' own test vectors, and models with recurrent operators that others exported, where they are beside the checkout: what is in them, and whether a model gives
// its outputs.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensor } from 'unrolled';
import { type GraphModel, type GraphValue, HostArray } from 'unrolled/graph';
import { readModel } from '../packages/convert/src/index.ts';
import type { GraphMessage } from '../packages/convert/src/formats/onnx/messages.ts';
import { arrayOf, kindOf } from '../packages/convert/src/formats/onnx/tensors.ts';
import { readMessages, readTensor } from '../packages/convert/src/formats/onnx/wire.ts';
import { root } from './snippets.ts';

const data = join(root, '../shared/data');

export interface OnnxCase {
  readonly name: string;
  readonly folder: string;
  /** The largest error, of the size of the largest output. */
  readonly tolerance: number;
}

/** What is not read, with what the error says. */
export const refusedCases: Readonly<Record<string, RegExp>> = {
  'ctrl/test_loop16_seq_none': /OptionalHasElement/, // sequences and optionals are no values of a graph here
};

/** The file has its expected numbers with four digits. */
const rounded: ReadonlySet<string> = new Set(['avgpool/test_averagepool_2d_ceil_last_window_starts_on_pad']);

/** All cases there are. */
export function onnxCases(): OnnxCase[] {
  const cases: OnnxCase[] = [];
  for (const set of ['onnx-node', 'onnx-rnn-models'])
    if (existsSync(join(data, set)))
      for (const path of (readdirSync(join(data, set), { recursive: true }) as string[]).sort())
        if (path.endsWith('model.onnx')) {
          const recurrent = set === 'onnx-rnn-models' || path.startsWith('rnn/');
          const name = path.replace(/\/model.onnx$/, '');
          const tolerance = rounded.has(name) ? 2e-4 : recurrent ? 1e-6 : 1e-5;
          cases.push({ name, folder: join(data, set, path, '..'), tolerance });
        }
  return cases;
}

/** The operators of a case's model, those of the graphs in it too. */
export function operatorsOf({ folder }: OnnxCase): Set<string> {
  const found = new Set<string>();
  const visit = ({ nodes }: GraphMessage) => {
    for (const { op, attributes } of nodes) {
      found.add(op);
      for (const { graph } of attributes) if (graph) visit(graph);
    }
  };
  const { graph } = readMessages(readFileSync(join(folder, 'model.onnx')), folder);
  if (graph) visit(graph);
  return found;
}

/** Reads the model and computes its outputs. Returns the largest error, of the size of each output; Infinity where a shape differs. */
export async function errorOf({ folder }: OnnxCase): Promise<number> {
  const model = (await readModel(join(folder, 'model.onnx'))).module() as GraphModel;
  const vectors = join(folder, 'test_data_set_0');
  const files = (what: string) => readdirSync(vectors).filter((file) => file.startsWith(what)).length;
  const ports = model.graph.inputs.slice(0, files('input_'));
  const inputs = ports.map(({ name }, k) => [name, valueOf(join(vectors, `input_${k}.pb`))] as const);
  const outputs = model.forward(Object.fromEntries(inputs));
  let error = 0;
  for (let k = 0; k < files('output_'); k++) {
    const expected = valueOf(join(vectors, `output_${k}.pb`));
    const got = outputs[model.graph.outputs[k].name];
    if (got.shape.join() !== expected.shape.join()) return Infinity;
    const [a, b] = [numbers(got), numbers(expected)];
    const size = Math.max(1e-3, ...Array.from(b, (v) => (Number.isFinite(v) ? Math.abs(v) : 0)));
    for (let i = 0; i < b.length; i++) {
      const own = Object.is(a[i], b[i]) || a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]) / size;
      error = own <= error ? error : own; // NaN stays
    }
  }
  return error;
}

function valueOf(path: string): GraphValue {
  const array = arrayOf(readTensor(readFileSync(path), path), path, new Map(), path);
  const kind = kindOf(array.element);
  return kind === 'float'
    ? tensor(Float32Array.from(array.values()), array.shape)
    : new HostArray(kind, array.shape, array.values());
}

const numbers = (value: GraphValue): ArrayLike<number> =>
  value instanceof HostArray ? value.values : value.dataSync();
