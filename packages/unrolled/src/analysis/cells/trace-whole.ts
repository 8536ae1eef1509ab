// The trace of layers that have a kernel, without stepping through them: a layer runs over a window in one call, and since what it read and put out is known
// then, all steps of the window are the rows of one step, which gives their gates. c of an LSTM depends on the step before, and is added up from the gates.

import type { LanguageModel } from '../../models/language-model.ts';
import { inEvaluation } from '../../nn/in-evaluation.ts';
import { GatedCell } from '../../nn/recurrent/cell.ts';
import { isWatched, observeSteps } from '../../nn/recurrent/observe.ts';
import { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { CarriedState } from '../../nn/recurrent/state.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { indices, zeros } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import { scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { TrackWriter } from './track-writer.ts';
import type { Trace } from './unit-track.ts';

const windowLength = 512;

/** What `traceText` gives; null for a model that has to be stepped through. */
export function traceWhole(model: LanguageModel, ids: Int32Array): Trace | null {
  const { embedding, recurrent, config } = model;
  const cells = recurrent.cells.filter((cell) => cell instanceof GatedCell && cell.fused !== null);
  if (!embedding || config.block !== 'none' || cells.length < recurrent.cells.length || isWatched()) return null;
  const tracks = new TrackWriter(ids.length);
  const layers = cells.map((cell) => ({ layer: new Recurrent<unknown>(cell), carried: new CarriedState<unknown>() }));
  try {
    for (let from = 0; from < ids.length; from += windowLength)
      scope(() =>
        inEvaluation(model, () =>
          noGrad(() => {
            const some = ids.subarray(from, from + windowLength);
            let x = embedding.forward(indices(some, [some.length, 1]));
            for (const [k, { layer, carried }] of layers.entries()) {
              const [y, next] = layer.forward(x, carried.value);
              write(tracks, `l${k}`, layer, from, x, y, carried.value);
              carried.replace(next);
              x = y;
            }
          }),
        ),
      );
  } finally {
    for (const { carried } of layers) carried.replace(null);
  }
  return tracks.trace();
}

/** The states and gates of a window [T, 1, I] → [T, 1, H] of a layer. */
function write(
  tracks: TrackWriter,
  name: string,
  layer: Recurrent<unknown>,
  from: number,
  x: Tensor,
  y: Tensor,
  state: unknown,
): void {
  const [[T, , I], H] = [x.shape, y.shape[2]];
  const cell = layer.cells[0];
  const first = state ?? layer.initialState(1);
  const h = first instanceof Tensor ? first : (first as { readonly h: Tensor }).h; // [1, 1, H]
  const before = (T > 1 ? cat([h, y.slice(0, 0, T - 1)], 0) : h).reshape(1, T, H);
  const rows =
    first instanceof Tensor ? before : { h: before, c: zeros([1, T, H], { dtype: y.dtype, backend: y.backend }) };
  const gates: Record<string, ArrayLike<number>> = {};
  observeSteps(
    (step) => {
      for (const [gate, value] of Object.entries(step.gates)) gates[gate] = value.dataSync();
    },
    () => layer.forward(x.reshape(1, T, I), rows),
  );
  tracks.put({ layer: name, what: 'h', kind: 'state', keeps: null }, H, from, y.dataSync());
  if (!(first instanceof Tensor)) {
    const { c } = first as { readonly c: Tensor };
    tracks.put({ layer: name, what: 'c', kind: 'state', keeps: null }, H, from, addedUp(c.dataSync(), gates));
  }
  const memory = cell.memoryGate;
  for (const [gate, values] of Object.entries(gates))
    tracks.put(
      { layer: name, what: gate, kind: 'gate', keeps: memory?.gate === gate ? memory.keeps : null },
      H,
      from,
      values,
    );
}

/** c' = f ⊙ c + i ⊙ g, step by step. */
function addedUp(before: ArrayLike<number>, { i, f, g }: Readonly<Record<string, ArrayLike<number>>>): Float32Array {
  const H = before.length;
  const c = new Float32Array(i.length);
  for (let k = 0; k < c.length; k++) c[k] = f[k] * (k < H ? before[k] : c[k - H]) + i[k] * g[k];
  return c;
}
