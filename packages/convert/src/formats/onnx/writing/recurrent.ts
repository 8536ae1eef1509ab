// Recurrent layers as ONNX: RNN, GRU and LSTM where these are the equation, and a Scan over the cell's own step where they are not.
//
//   ours   LSTM i f g o      GRU r z n      [T, B, D·H] and [L·D, B, H], layer by layer
//   ONNX   LSTM i o f c      GRU z r h      [T, D, B, H] and [D, B, H], one layer a node

import { gruGates, lstmGates, onnxPeepholes, reorderGates } from '../../../arrays/layout.ts';
import { type RecurrentCell, cellStates } from '../../../export/cells.ts';
import { OnnxGraph, untyped } from './graph.ts';
import { scanCells } from './scan-cells.ts';

/** A weight by its name, as float32. */
export type WeightOf = (name: string) => NamedTensor | null;

interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A recurrent node of the exported graph. */
export interface RecurrentLayer {
  /** Its weights are `<name>.weight_ih_l0` …. */
  readonly name: string;
  readonly cell: RecurrentCell;
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** The number of the first layer. */
  readonly first: number;
  readonly directions: 1 | 2;
}

interface Operator {
  readonly op: 'LSTM' | 'GRU' | 'RNN';
  /** The gates, by the systems' orders. */
  readonly gates: { readonly pytorch: string; readonly onnx: string };
}

const rnn: Operator = { op: 'RNN', gates: { pytorch: 'h', onnx: 'h' } };

const operators: Readonly<Partial<Record<RecurrentCell, Operator>>> = {
  rnn,
  'rnn-relu': rnn,
  irnn: rnn,
  gru: { op: 'GRU', gates: gruGates },
  'gru-reset-before': { op: 'GRU', gates: gruGates },
  lstm: { op: 'LSTM', gates: lstmGates },
  'lstm-peephole': { op: 'LSTM', gates: lstmGates },
};

/** x [T, B, I], lengths int64 [B] or null, states [L·D, B, ..] or null → the output, and the states after it. */
export function writeRecurrent(
  g: OnnxGraph,
  layer: RecurrentLayer,
  weight: WeightOf,
  x: string,
  lengths: string | null,
  states: readonly (string | null)[],
): [output: string, ...states: string[]] {
  const D = layer.directions;
  let output = x;
  const after = cellStates[layer.cell].map((): string[] => []);
  for (let k = 0; k < layer.numLayers; k++) {
    const before = states.map((state) => state && g.slice(state, 0, k * D, (k + 1) * D)); // [D, B, ..]
    const run = operators[layer.cell] ? withOperator : withScan;
    const [y, ...next] = run(g, layer, weight, k + layer.first, output, lengths, before);
    output = y;
    for (const [i, state] of next.entries()) after[i].push(keptAtZero(g, state, before[i] ?? null, lengths));
  }
  return [output, ...after.map((parts) => g.concat(parts, 0))];
}

/** A row of length 0 keeps its state; ONNX' operators leave open what they give for it, and onnxruntime gives zeros. */
function keptAtZero(g: OnnxGraph, after: string, before: string | null, lengths: string | null): string {
  if (lengths === null || before === null) return after;
  return g.op('Where', [g.unsqueeze(g.op('Greater', [lengths, g.ints([0], true)]), 0, 2), after, before]);
}

type RunLayer = (
  g: OnnxGraph,
  layer: RecurrentLayer,
  weight: WeightOf,
  k: number,
  x: string,
  lengths: string | null,
  states: readonly (string | null)[],
) => string[];

const suffixes = (k: number, D: 1 | 2) => Array.from({ length: D }, (_, d) => `l${k}${d === 1 ? '_reverse' : ''}`);

const withOperator: RunLayer = (g, layer, weight, k, x, lengths, states) => {
  const { cell, hiddenSize: H, directions: D, name } = layer;
  const { op, gates } = operators[cell] as NonNullable<(typeof operators)[RecurrentCell]>;
  const names = suffixes(k, D);
  /** The directions' weights one after the other, gates in ONNX' order: [D, …]. */
  const together = (kind: string): NamedTensor | null => {
    const parts = names.map((suffix) => weight(`${name}.${kind}_${suffix}`));
    if (parts.some((part) => part === null)) return null;
    const known = parts as NamedTensor[];
    const values = known.map((part) => reorderGates(part.values, gates.pytorch, gates.onnx));
    return { shape: [D, ...known[0].shape], values: joined(values) };
  };
  const put = (label: string, tensor: NamedTensor) => {
    const own = `${name}.${label}_l${k}`;
    return g.tensors.some((t) => t.name === own) ? own : g.floats(own, tensor.shape, tensor.values);
  };
  const W = put('W', together('weight_ih') as NamedTensor);
  const R = put('R', together('weight_hh') as NamedTensor);
  const [ih, hh] = [together('bias_ih'), together('bias_hh')];
  const B =
    ih && hh ? put('B', { shape: [D, 2 * gates.onnx.length * H], values: rowsJoined(ih.values, hh.values, D) }) : '';
  const sequenceLens = lengths === null ? '' : g.op('Cast', [lengths], { to: 6 });
  const inputs = [x, W, R, B, sequenceLens, states[0] ?? ''];
  if (op === 'LSTM') {
    inputs.push(states[1] ?? '');
    if (cell === 'lstm-peephole') {
      const peepholes = names.flatMap((suffix) =>
        Array.from(onnxPeepholes, (gate) => weight(`${name}.weight_c${gate}_${suffix}`)),
      );
      const values = joined(peepholes.map((p) => (p as NamedTensor).values));
      inputs.push(put('P', { shape: [D, 3 * H], values }));
    }
  }
  const outputs = [g.name(), g.name(), ...(op === 'LSTM' ? [g.name()] : [])];
  g.op(
    op,
    inputs,
    {
      hidden_size: H,
      ...(D === 2 && { direction: 'bidirectional' }),
      ...(cell === 'gru' && { linear_before_reset: 1 }),
      ...((cell === 'rnn-relu' || cell === 'irnn') && { activations: names.map(() => 'Relu') }),
    },
    outputs,
  );
  if (D === 1) return [g.squeeze(outputs[0], 1), ...outputs.slice(1)];
  // [T, D, B, H] → [T, B, D·H]
  const turned = g.op('Transpose', [outputs[0]], { perm: [0, 2, 1, 3] });
  return [g.op('Reshape', [turned, g.ints([0, 0, -1])]), ...outputs.slice(1)];
};

const withScan: RunLayer = (g, layer, weight, k, x, lengths, states) => {
  const { cell, hiddenSize: H, directions: D, name } = layer;
  const kinds = cellStates[cell];
  const active = lengths && activeSteps(g, x, lengths); // bool [T, B, 1]
  const ys: string[] = [];
  const after = kinds.map((): string[] => []);
  for (const [d, suffix] of suffixes(k, D).entries()) {
    const own = (kind: string) => {
      const tensor = weight(`${name}.${kind}_${suffix}`);
      const label = `${name}.${kind}_${suffix}`;
      if (tensor === null) return null;
      return g.tensors.some((t) => t.name === label) ? label : g.floats(label, tensor.shape, tensor.values);
    };
    const { scanned, step } = scanCells[cell as keyof typeof scanCells](g, own, x, H);
    const before = kinds.map(({ times }, i) => {
      const state = states[i];
      return state ? g.squeeze(g.slice(state, 0, d, d + 1), 0) : zeroState(g, x, times * H);
    });
    const body = new OnnxGraph(`${g.name()}_`);
    const [bodyStates, bodyInputs] = [kinds.map(() => body.name()), scanned.map(() => body.name())];
    const here = active ? body.name() : null;
    const { states: next, output } = step(body, bodyInputs, bodyStates);
    // A row past its length keeps its state and puts out zeros.
    const kept = next.map((state, i) =>
      here ? body.op('Where', [here, state, bodyStates[i]]) : body.op('Identity', [state]),
    );
    const y = here ? body.op('Where', [here, output, body.float(0)]) : body.op('Identity', [output]);
    const reverse = d === 1 ? 1 : 0;
    const inputs = scanned.length + (active ? 1 : 0);
    const outputs = [...kinds.map(() => g.name()), g.name()];
    g.op(
      'Scan',
      [...before, ...scanned, ...(active ? [active] : [])],
      {
        num_scan_inputs: inputs,
        scan_input_directions: new Array<number>(inputs).fill(reverse),
        scan_output_directions: [reverse],
        body: {
          graph: body.parts(
            `${cell}_step`,
            [
              ...[...bodyStates, ...bodyInputs].map((value) => untyped(value)),
              ...(here ? [untyped(here, 'bool')] : []),
            ],
            [...kept, y].map((value) => untyped(value)),
          ),
        },
      },
      outputs,
    );
    ys.push(outputs.at(-1) as string);
    for (const [i, parts] of after.entries()) parts.push(g.unsqueeze(outputs[i], 0));
  }
  return [g.concat(ys, 2), ...after.map((parts) => g.concat(parts, 0))];
};

/** bool [T, B, 1]: whether step t of row b counts. */
export function activeSteps(g: OnnxGraph, x: string, lengths: string): string {
  const T = g.squeeze(g.size(x, 0), 0);
  const steps = g.unsqueeze(g.op('Range', [g.ints([0], true), T, g.ints([1], true)]), 1, 2);
  return g.op('Less', [steps, g.unsqueeze(lengths, 0, 2)]);
}

/** Zeros [B, width] for x [T, B, I]. */
function zeroState(g: OnnxGraph, x: string, width: number): string {
  return g.op('ConstantOfShape', [g.concat([g.size(x, 1), g.ints([width])], 0)]);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Row r of a, then row r of b, for each of so many rows. */
function rowsJoined(a: Float32Array, b: Float32Array, rows: number): Float32Array {
  const width = a.length / rows;
  const both = Array.from({ length: rows }, (_, r) => [a, b].map((t) => t.subarray(r * width, (r + 1) * width)));
  return joined(both.flat());
}
