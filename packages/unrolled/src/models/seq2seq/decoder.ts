// The half that writes. One step reads the symbol before and what is known of the source, and gives what the output product reads:
//
//   plain      s_t = cell(e_t, s_(t−1))                                        out_t = s_t
//   context    s_t = cell([e_t; c], s_(t−1))                                   out_t = tanh(W_o [s_t; c; e_t] + b)
//   repeat     s_t = cell(c, s_(t−1)), s_0 = 0                                 out_t = s_t
//   additive   c_t = attention(s_(t−1)),  s_t = cell([e_t; c_t], s_(t−1))      out_t = tanh(W_o [s_t; c_t; e_t] + b)
//   Luong      s_t = cell([e_t; out_(t−1)], s_(t−1)),  c_t = attention(s_t)    out_t = tanh(W_o [s_t; c_t] + b)
//
// e_t is the embedding of the symbol before, c the encoder's last output. Cho and Bahdanau have a maxout where we have tanh. With several
// layers the attention of `additive` belongs to the first (as in GNMT, Wu et al. 2016), that of Luong's kinds to the last.
//
// `step` is the definition; `forward` gives the same for all steps of a known target, in as few and as large pieces as the kind allows.

import type { SteppedCell } from '../../backend/backend.ts';
import { Dropout } from '../../nn/dropout.ts';
import { Linear } from '../../nn/linear.ts';
import { Module } from '../../nn/module.ts';
import { GatedCell } from '../../nn/recurrent/cell.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { mapState, tensorsOf } from '../../nn/recurrent/state.ts';
import { isWatched } from '../../nn/recurrent/observe.ts';
import { stepLayer } from '../../nn/recurrent/step.ts';
import { zeros } from '../../tensor/create.ts';
import { dropoutMask } from '../../tensor/ops/dropout.ts';
import { attentiveSequence } from '../../tensor/ops/attentive-sequence.ts';
import { linear } from '../../tensor/ops/product.ts';
import { cat, stack } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { completeRecurrentDropout, makeLayer } from '../cells.ts';
import { Attention, isAttentionChanged } from './attention.ts';
import { Bridge } from './bridge.ts';
import type { Encoded } from './encoder.ts';
import { type DecoderKind, isLuong, readoutSize, type Seq2SeqConfig } from './options.ts';

/** The encoded sources, constant from step to step. */
export interface Memory {
  readonly summary: Tensor; // [B, C]
  readonly lengths: Tensor; // int32 [B]
  /** With attention. */
  readonly values: Tensor | null; // [B, S, C]
  readonly keys: Tensor | null; // [B, S, A]
}

/** State carried from step to step. */
export interface DecoderState {
  /** One state a layer, tensors [B, H]. */
  readonly layers: readonly unknown[];
  /** Symbols read so far. */
  readonly length: number;
  /** With input feeding: out_(t−1) [B, R]. */
  readonly feed: Tensor | null;
  /** In training with recurrent dropout: each layer's mask for all steps, [B, H]. */
  readonly masks: readonly Tensor[] | null;
}

export interface DecoderOutput {
  readonly output: Tensor; // [B, R] or [T, B, R]: what the output product reads
  readonly weights: Tensor | null; // [B, S] or [T, B, S]: attention weights
}

export class Decoder extends Module {
  readonly kind: DecoderKind;
  readonly bridge: Bridge | null;
  /** A layer each, so that the first can be run with its attention and the others after it. */
  readonly layers: readonly Recurrent<unknown>[];
  readonly attention: Attention | null;
  readonly readout: Linear | null;
  readonly dropout: Dropout;
  /** Width of `output`. */
  readonly outputSize: number;
  readonly #recurrentDropout: number;
  readonly #inputFeeding: boolean;
  readonly #embeddingSize: number;

  constructor(config: Seq2SeqConfig, contextSize: number) {
    super();
    const { decoder, cell, decoderSize, numLayers, embeddingDim, targetVocabulary, hiddenSize, bidirectional } = config;
    this.kind = decoder;
    const inside = completeRecurrentDropout('Seq2Seq', config);
    this.#recurrentDropout = inside.recurrentDropout ?? 0;
    this.outputSize = readoutSize(config);
    this.#inputFeeding = config.inputFeeding;
    this.#embeddingSize = embeddingDim || targetVocabulary;
    const first = {
      plain: this.#embeddingSize,
      repeat: contextSize,
      context: this.#embeddingSize + contextSize,
      additive: this.#embeddingSize + contextSize,
    };
    const fed = this.#embeddingSize + (config.inputFeeding ? this.outputSize : 0);
    this.layers = Array.from({ length: numLayers }, (_, k) =>
      makeLayer('Seq2Seq', cell, k > 0 ? decoderSize : isLuong(decoder) ? fed : first[decoder], decoderSize, inside),
    );
    const tensors = tensorsOf(this.layers[0].initialState(0)).map((t) => t.shape[2] / decoderSize);
    this.bridge =
      decoder === 'repeat' ? null : new Bridge(numLayers, bidirectional ? 2 : 1, tensors, hiddenSize, decoderSize);
    this.attention =
      decoder === 'additive' || isLuong(decoder)
        ? new Attention(decoder, decoderSize, contextSize, config.attentionSize)
        : null;
    const seen = decoderSize + contextSize + (isLuong(decoder) ? 0 : this.#embeddingSize);
    this.readout = decoder === 'plain' || decoder === 'repeat' ? null : new Linear(seen, this.outputSize);
    this.dropout = new Dropout(config.dropout);
  }

  /** What it needs of a source that was read, computed once. */
  remember({ output, summary }: Encoded, lengths: Tensor): Memory {
    const values = this.attention && output.transpose(0, 1);
    return { summary, lengths, values, keys: values && (this.attention as Attention).keys(values) };
  }

  /** The state before the first step. */
  start({ state, summary }: Encoded): DecoderState {
    const B = summary.shape[0];
    const { dtype, backend } = summary;
    const p = this.training ? this.#recurrentDropout : 0;
    return {
      layers: this.bridge
        ? this.bridge.forward(state)
        : this.layers.map((layer) => mapState(layer.initialState(B), (t) => t.select(0, 0))),
      length: 0,
      feed: this.#inputFeeding ? zeros([B, this.outputSize], { dtype, backend }) : null,
      masks: p > 0 ? this.layers.map((layer) => dropoutMask([B, layer.outputSize], p, summary)) : null,
    };
  }

  /** One step: x [B, E] is the embedding of the symbol before it. */
  step(x: Tensor, state: DecoderState, memory: Memory): DecoderOutput & { state: DecoderState } {
    const { summary, lengths, values, keys } = memory;
    const look = (query: Tensor) =>
      (this.attention as Attention).forward(query, keys as Tensor, values as Tensor, lengths);
    let seen: { context: Tensor; weights: Tensor | null } = { context: summary, weights: null };
    if (this.kind === 'additive') seen = look(tensorsOf(state.layers[0])[0]);
    let h = this.#input(x, seen.context, state.feed);
    const layers = this.layers.map((layer, k) => {
      const read = k > 0 ? this.dropout.forward(h) : h;
      const [y, next] = stepLayer(layer, read, state.layers[k], { t: state.length, mask: state.masks?.[k] });
      h = y;
      return next;
    });
    if (isLuong(this.kind)) seen = look(h);
    const output = this.#readout(h, seen.context, x);
    const feed = this.#inputFeeding ? output : null;
    return { output, weights: seen.weights, state: { layers, length: state.length + 1, feed, masks: state.masks } };
  }

  /** All steps of a target that is known: x [T, B, E] → output [T, B, R]. */
  forward(x: Tensor, state: DecoderState, memory: Memory): DecoderOutput {
    const T = x.shape[0];
    const runsAhead = this.kind !== 'additive' && !this.#inputFeeding;
    const byStep = isAttentionChanged() || (!runsAhead && (isWatched() || !this.#attends() || state.masks !== null));
    if (T === 0 || byStep) return this.#unroll(x, state, memory);
    const { summary, lengths, values, keys } = memory;
    const everywhere = (t: Tensor) => t.unsqueeze(0).expand(T, ...t.shape);
    let [h, weights]: [Tensor, Tensor | null] = [x, null];
    let context = this.kind === 'context' || this.kind === 'repeat' ? everywhere(summary) : null;
    const [firstLayer, ...others] = this.layers.entries();
    if (runsAhead) h = this.#layer(firstLayer, this.#input(x, context, null), state);
    else ({ y: h, weights } = this.#attentive(x, state, memory));
    for (const layer of others) h = this.#layer(layer, this.dropout.forward(h), state);
    if (isLuong(this.kind))
      ({ context, weights } = (this.attention as Attention).forward(h, keys as Tensor, values as Tensor, lengths));
    else if (weights)
      context = weights
        .transpose(0, 1)
        .matmul(values as Tensor)
        .transpose(0, 1);
    return { output: this.#readout(h, context, x), weights };
  }

  /** The same step by step: for cells without a kernel, for recurrent dropout, where a step reads what the last one found, and where steps are watched. */
  #unroll(x: Tensor, start: DecoderState, memory: Memory): DecoderOutput {
    let state = start;
    const steps = x.unbind(0).map((step) => {
      const result = this.step(step, state, memory);
      state = result.state;
      return result;
    });
    return together(steps, x, this.outputSize, memory);
  }

  /** Input of the first layer. */
  #input(x: Tensor, context: Tensor | null, feed: Tensor | null): Tensor {
    if (this.kind === 'repeat') return context as Tensor;
    const parts = [x];
    if (this.kind === 'context' || this.kind === 'additive') parts.push(context as Tensor);
    if (feed) parts.push(feed);
    return parts.length > 1 ? cat(parts, -1) : x;
  }

  #readout(h: Tensor, context: Tensor | null, x: Tensor): Tensor {
    if (!this.readout) return this.dropout.forward(h);
    const parts = isLuong(this.kind) ? [h, context as Tensor] : [h, context as Tensor, x];
    return this.dropout.forward(this.readout.forward(cat(parts, -1)).tanh());
  }

  /** One layer over all steps. */
  #layer([k, layer]: [number, Recurrent<unknown>], x: Tensor, state: DecoderState): Tensor {
    return layer.forward(
      x,
      mapState(state.layers[k], (t) => t.unsqueeze(0)),
    )[0];
  }

  /** Whether the first layer and its attention are one op. */
  #attends(): boolean {
    const { fused } = this.layers[0].cells[0];
    return this.kind === 'additive' && fused !== null && fused !== 'gruResetBefore';
  }

  /** The first layer with its attention over all steps. */
  #attentive(x: Tensor, state: DecoderState, { keys, values, lengths }: Memory): { y: Tensor; weights: Tensor } {
    const cell = this.layers[0].cells[0] as GatedCell<unknown>;
    const [h0, c0] = tensorsOf(state.layers[0]);
    const attention = this.attention as Attention;
    const E = this.#embeddingSize;
    const [ofSymbol, ofContext] = cell.weightIh.split([E, cell.inputSize - E], 1);
    return attentiveSequence(cell.fused as SteppedCell, {
      gates: linear(x, ofSymbol, cell.biasIh),
      weightHh: cell.weightHh,
      biasHh: cell.biasHh,
      h0,
      c0: c0 ?? null,
      weightQuery: (attention.query as Linear).weight,
      keys: keys as Tensor,
      values: linear(values as Tensor, ofContext),
      v: attention.v as Tensor,
      lengths,
    });
  }

  protected override describe(): string {
    return this.kind;
  }
}

/** Steps [B, ..] as [T, B, ..]. */
export function together(steps: readonly DecoderOutput[], x: Tensor, width: number, memory: Memory): DecoderOutput {
  if (steps.length > 0)
    return {
      output: stack(steps.map((s) => s.output)),
      weights: steps[0].weights && stack(steps.map((s) => s.weights as Tensor)),
    };
  const { dtype, backend } = x;
  const B = memory.lengths.size;
  const none = (size: number) => zeros([0, B, size], { dtype, backend });
  return { output: none(width), weights: memory.values && none(memory.values.shape[1]) };
}
