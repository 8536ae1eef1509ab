// Video models, as the library computes them.

import { cat, stack, type Tensor, type VideoClassifier, type VideoTagger } from 'unrolled';
import { videoClassifierGraph, videoTaggerGraph } from '../graphs/video.ts';
import { type Inputs, type Parts, stateOutputs, type Tensors } from '../part.ts';
import { tagged } from './sequence.ts';

export const videoClassifier: Parts<VideoClassifier> = {
  model: {
    graph: videoClassifierGraph,
    compute: (model, inputs) => {
      const [logits, weights] = model.forward(inputs.tensor('input'), { lengths: inputs.tensor('lengths') });
      return { logits, ...(weights && { weights }) };
    },
  },
};

export const videoTagger: Parts<VideoTagger> = {
  model: {
    graph: videoTaggerGraph,
    compute: (model, inputs): Tensors => {
      const [frames, lengths] = [inputs.tensor('input'), inputs.tensor('lengths')];
      if (model.sequence.recurrent.numDirections === 2) return { logits: model.forward(frames, { lengths }) };
      const before = inputs.optional('frame0');
      const lower = inputs.state(model.encoder.config.cell, 'lower_');
      const [x] = model.encoder.step(frames, { ...(before && { before }), lower });
      return {
        ...tagged(model.sequence, x, inputs),
        ...(before && { framen: rowsAt(cat([before, frames], 0), lengths).unsqueeze(0) }),
        ...lowerStates(model, frames, inputs),
      };
    },
  },
};

/** The state of the layer beneath at each row's length. */
function lowerStates({ encoder }: VideoTagger, frames: Tensor, inputs: Inputs): Tensors {
  const { recurrent, config } = encoder;
  if (!recurrent) return {};
  const before = inputs.optional('frame0');
  const lower = inputs.state(config.cell, 'lower_') ?? recurrent.initialState(frames.shape[1]);
  const rows = Array.from(inputs.tensor('lengths').dataSync(), (n, b) => {
    const after = n === 0 ? lower : encoder.step(frames.slice(0, 0, n), { ...(before && { before }), lower })[1].lower;
    return Object.entries(stateOutputs(config.cell, after, 'lower_')).map(
      ([name, t]) => [name, t.select(1, b)] as const,
    );
  });
  return Object.fromEntries(
    rows[0].map(([name], i) => [
      name,
      stack(
        rows.map((row) => row[i][1]),
        1,
      ),
    ]),
  );
}

/** steps [T, B, F] → row b of step index[b]: [B, F] */
function rowsAt(steps: Tensor, index: Tensor): Tensor {
  return stack(Array.from(index.dataSync(), (t, b) => steps.select(0, t).select(0, b)));
}
