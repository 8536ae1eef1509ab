// A captioner's encoder and the step of its decoder, as the library computes them.

import { type Captioner, type Tensor, zeros } from 'unrolled';
import { cellStates } from '../cells.ts';
import { captionDecoderGraph, captionEncoderGraph } from '../graphs/captioner.ts';
import { type Inputs, type Parts, stateOutputs, type Tensors } from '../part.ts';

export const captioner: Parts<Captioner> = {
  encoder: {
    graph: captionEncoderGraph,
    compute: (model, inputs): Tensors => {
      const { form, cell } = model.config;
      const features = model.see(inputs.tensor(model.encoder ? 'images' : 'features'));
      if (form === 'inject') return { image0: features.whole };
      const { regions, keys } = model.decoder.remember(features, { whole: false });
      const states = stateOutputs(cell, model.decoder.start(features).cell);
      const first = Object.entries(states).map(([name, t]) => [name.replace(/n$/, '0'), t.unsqueeze(0)] as const);
      return {
        ...(regions && keys && { regions, keys }),
        ...Object.fromEntries(form === 'initial' ? first.slice(0, 1) : first), // what else a state has is zero
      };
    },
  },
  decoder: {
    graph: captionDecoderGraph,
    compute: (model, inputs) => {
      const { form, injection, cell } = model.config;
      const token = inputs.tensor('token');
      const whole = inputs.optional('image0');
      const memory = { whole, regions: inputs.optional('regions'), keys: inputs.optional('keys'), gates: null };
      const before = { cell: stateOf(model, inputs, token.size), length: 0, mask: null };
      const { output, weights, state } = model.decoder.step(model.embed(token), before, memory, 'argmax');
      const after = Object.entries(stateOutputs(cell, state.cell)).map(([name, t]) => [name, t.unsqueeze(0)] as const);
      return {
        logits: model.scores(output),
        ...(weights && { weights }),
        ...(form === 'inject' && { imagen: injection === 'every' ? (whole as Tensor) : (whole as Tensor).mul(0) }),
        ...Object.fromEntries(after),
      };
    },
  },
};

/** The inputs `h0`, … [1, B, ..] as a state; zeros where they are not given. */
function stateOf({ config: { cell, hiddenSize } }: Captioner, inputs: Inputs, B: number): unknown {
  const tensors = cellStates[cell].map(({ name, times }) => {
    const given = inputs.optional(`${name}0`);
    return [name, given ? given.squeeze(0) : zeros([B, times * hiddenSize])] as const;
  });
  return tensors.length === 1 ? tensors[0][1] : Object.fromEntries(tensors);
}
