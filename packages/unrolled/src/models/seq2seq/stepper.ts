// A Seq2Seq as a RowStepper.

import { requireKinds } from '../../checks.ts';
import { mapState } from '../../nn/recurrent/state.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { indices } from '../../tensor/create.ts';
import { hostValues } from '../../tensor/host-values.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Decodable, type DecodedStep, DecoderStepper } from '../decoder-stepper.ts';
import { takeRows } from '../rows.ts';
import { pairBatch } from './batch.ts';
import type { Decoder, DecoderState, Memory } from './decoder.ts';
import type { Seq2SeqConfig } from './options.ts';

/** The part of a Seq2Seq that the stepper uses. */
interface Steppable extends Decodable {
  readonly config: Seq2SeqConfig;
  readonly decoder: Decoder;
  encode(source: Tensor, lengths: Tensor): { memory: Memory; state: DecoderState };
}

/**
 * A Seq2Seq over a batch of sources, with a row for each. To be made and used inside a scope: its tensors belong to that. One that outlives its scope is kept (`tensors`)
 * and given back (`dispose`).
 */
export class Seq2SeqStepper extends DecoderStepper<DecoderState, Memory> {
  readonly #model: Steppable;
  readonly #lengths: readonly number[];

  constructor(model: Steppable, sources: readonly ArrayLike<number>[]) {
    requireKinds('Seq2SeqStepper', { model, sources }, { model: { encode: 'function' }, sources: 'lists' });
    const batch = pairBatch(sources, sources);
    const { memory, state } = noGrad(() => model.encode(batch.source, batch.sourceLengths));
    const { targetVocabulary: vocabularySize, start } = model.config;
    super(model, { vocabularySize, start, rows: sources.length, state, memory, backend: memory.summary.backend });
    this.#model = model;
    this.#lengths = sources.map((row) => row.length);
  }

  protected override decode(x: Tensor, state: DecoderState, memory: Memory): DecodedStep<DecoderState> {
    return this.#model.decoder.step(x, state, memory);
  }

  protected override takeState({ layers, length, feed, masks }: DecoderState, rows: Int32Array): DecoderState {
    return {
      layers: layers.map((layer) => mapState(layer, (t) => takeRows(t, rows))),
      length,
      feed: feed && takeRows(feed, rows),
      masks: masks && masks.map((mask) => takeRows(mask, rows)),
    };
  }

  protected override takeMemory({ summary, lengths, values, keys }: Memory, sources: Int32Array): Memory {
    const ends = hostValues(lengths);
    const chosen = values && takeRows(values, sources);
    return {
      summary: takeRows(summary, sources),
      lengths: indices(sources.map((n) => ends[n]), [sources.length], { backend: lengths.backend }), // biome-ignore format: one line
      values: chosen,
      keys: keys === values ? chosen : keys && takeRows(keys, sources),
    };
  }

  protected override attended(weights: Float32Array, source: number): Float32Array {
    const own = weights.slice(0, this.#lengths[source]);
    return this.#model.config.reverseSource ? own.reverse() : own;
  }
}
