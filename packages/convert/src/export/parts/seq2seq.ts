// A translator's encoder and the step of its decoder, as the library computes them.

import { type Seq2Seq, stack, type Tensor, zeros } from 'unrolled';
import { cellStates, type RecurrentCell } from '../cells.ts';
import { decoderGraph, encoderGraph } from '../graphs/seq2seq.ts';
import { type Inputs, type Parts, stateOutputs, type Tensors } from '../part.ts';

export const seq2seq: Parts<Seq2Seq> = {
  encoder: {
    graph: encoderGraph,
    compute: (model, inputs) => {
      const { memory, state } = model.encode(inputs.tensor('input'), inputs.tensor('lengths'));
      const { keys, values, summary } = memory;
      const { kind, attention } = model.decoder;
      return {
        ...(values && { values }),
        ...(attention?.key && { keys: keys as Tensor }),
        ...((kind === 'context' || kind === 'repeat') && { summary }),
        ...(kind !== 'repeat' && asInputs(stacked(model.config.cell, state.layers))),
      };
    },
  },
  decoder: {
    graph: decoderGraph,
    compute: (model, inputs) => {
      const { decoder, config } = model;
      const token = inputs.optional('token');
      const summary = inputs.optional('summary');
      const values = inputs.optional('values');
      const B = (token ?? summary)?.shape[0] as number;
      const memory = {
        summary: summary ?? zeros([B, 0]), // of a kind that reads none
        lengths: inputs.optional('lengths') as Tensor,
        values,
        keys: inputs.optional('keys') ?? values,
      };
      const layers = layerStates(model, inputs, B);
      const feed = config.inputFeeding ? (inputs.optional('feed0') ?? zeros([B, decoder.outputSize])) : null;
      const { output, weights, state } = decoder.step(
        token ? model.embed(token) : memory.summary,
        { length: 0, layers, feed, masks: null },
        memory,
      );
      return {
        logits: model.scores(output),
        ...(weights && { weights }),
        ...stacked(config.cell, state.layers),
        ...(config.inputFeeding && { feedn: output }),
      };
    },
  },
};

/** The layers' states as outputs, each tensor [L, B, ..]. */
function stacked(cell: RecurrentCell, layers: readonly unknown[]): Record<string, Tensor> {
  const rows = layers.map((layer) => stateOutputs(cell, layer));
  return Object.fromEntries(Object.keys(rows[0]).map((name) => [name, stack(rows.map((row) => row[name]))]));
}

/** The encoder's last state is the decoder's first: `hn` → `h0`. */
function asInputs(states: Tensors): Tensors {
  return Object.fromEntries(Object.entries(states).map(([name, t]) => [name.replace(/n$/, '0'), t]));
}

/** The inputs `h0`, … [L, B, ..] as a state for each layer; zeros where they are not given. */
function layerStates({ config: { cell }, decoder }: Seq2Seq, inputs: Inputs, B: number): unknown[] {
  return decoder.layers.map((layer, k) => {
    const zero = Object.values(stateOutputs(cell, layer.initialState(B)));
    const tensors = cellStates[cell].map(
      ({ name }, i) => [name, inputs.optional(`${name}0`)?.select(0, k) ?? zero[i].select(0, 0)] as const,
    );
    return tensors.length === 1 ? tensors[0][1] : Object.fromEntries(tensors);
  });
}
