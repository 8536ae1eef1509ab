// Learning a language model by truncated back-propagation through time: contiguous streams, read window by window, with the state carried on
// and its gradient cut. The state starts anew where the streams do.

import { computeValues } from '../inference/compute.ts';
import { requireKinds, shown } from '../checks.ts';
import { StreamBatcher } from '../data/streams.ts';
import { FormatError, OptionError } from '../errors.ts';
import { drawsClasses } from '../models/output-layer.ts';
import type { LanguageModel, LanguageState } from '../models/language-model.ts';
import { ClassSampler } from '../nn/class-sampler.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import type { StateDict } from '../nn/module.ts';
import { checkSavedValues } from '../nn/saved-tensor.ts';
import { CarriedState, combine, tensorsOf } from '../nn/recurrent/state.ts';
import { empty, indices } from '../tensor/create.ts';
import { cat } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { requirePart } from './part.ts';
import { type Probe, type ProbeSize, probeSize, rowOf } from './probe.ts';
import type { BatchLoss, Evaluation, Json, Task } from './task.ts';

/** Options of the task of a language model. */
export interface LanguageTaskOptions {
  readonly train: StreamBatcher;
  /** Read from its start, with a state of zeros, at every validation. Default: none. */
  readonly validation?: StreamBatcher | null;
  /** Differentiate the mean over the targets (the default) or the lecture's sum. */
  readonly reduction?: 'mean' | 'sum';
}

/**
 * Training of a language model on streams of text:
 *
 *     const task = languageTask(model, { train: new StreamBatcher(ids, { streams: 32, windowLength: 64 }) });
 */
export function languageTask(model: LanguageModel, options: LanguageTaskOptions): LanguageTask {
  return new LanguageTask(model, options);
}

/** What `languageTask` makes. */
export class LanguageTask implements Task {
  readonly model: LanguageModel;
  readonly #train: StreamBatcher;
  readonly #validation: StreamBatcher | null;
  readonly #reduction: 'mean' | 'sum';
  readonly #carried = new CarriedState<LanguageState>();

  constructor(model: LanguageModel, options: LanguageTaskOptions) {
    requireKinds(
      'languageTask',
      { model, options },
      { model: 'module', options: { train: 'object', validation: 'object?|null' } },
    );
    const { train, validation = null, reduction = 'mean' } = options;
    if (reduction !== 'mean' && reduction !== 'sum')
      throw new OptionError('languageTask', 'reduction', `expected 'mean' or 'sum', got ${shown(reduction)}`);
    this.model = model;
    this.#train = train;
    this.#validation = validation;
    this.#reduction = reduction;
    if (drawsClasses(model.config)) model.sampler = ClassSampler.fromCounts(train.counts(model.vocabularySize));
  }

  get stepsPerEpoch(): number {
    return this.#train.windowsPerEpoch;
  }

  next(): () => BatchLoss {
    const { input, target, fresh } = this.#train.next();
    if (fresh) this.#carried.replace(null);
    const shape = [this.#train.windowLength, this.#train.streams];
    return () => {
      const { loss, state } = this.model.loss(
        indices(input, shape),
        indices(target, shape),
        this.#carried.value,
        this.#reduction,
      );
      return {
        loss,
        targets: target.length,
        perTarget: this.#reduction === 'sum' ? 1 / target.length : 1,
        accept: () => this.#carried.replace(state),
      };
    };
  }

  /** The start of the first streams, state of zeros. */
  probe(size: ProbeSize = {}): Probe {
    const { rows: most, steps } = { ...probeSize, ...size };
    const { input, target } = this.#train.first();
    const B = this.#train.streams;
    const T = Math.min(steps, this.#train.windowLength);
    const { model } = this;
    const of = (symbols: Int32Array, rows: readonly number[], from: number, to: number) =>
      indices(
        Int32Array.from({ length: (to - from) * rows.length }, (_, k) => {
          const [t, b] = [from + Math.floor(k / rows.length), rows[k % rows.length]];
          return t < T ? symbols[t * B + b] : (symbols[b] + t) % model.vocabularySize; // another future than the row's own
        }),
        [to - from, rows.length],
      );
    const rowsOf = (logits: Tensor, rows: readonly number[]) => rows.map((_, b) => rowOf(logits, b, T));
    const V = model.vocabularySize;
    return {
      rows: Math.min(most, B),
      steps: T,
      behind: 'future',
      baseline: { loss: Math.log(V), name: `ln ${V}` },
      loss: (rows) => model.loss(of(input, rows, 0, T), of(target, rows, 0, T)).loss,
      outputs: (rows, more) => rowsOf(model.forward(of(input, rows, 0, T + more))[0], rows),
      inPieces(rows) {
        const half = Math.ceil(T / 2);
        const [first, state] = model.forward(of(input, rows, 0, half));
        const second = T > half ? model.forward(of(input, rows, half, T), state)[0] : null;
        return rowsOf(second ? cat([first, second], 0) : first, rows);
      },
    };
  }

  async evaluate(part = 1): Promise<Evaluation | null> {
    return this.#validation && evaluateLanguageModel(this.model, this.#validation, part);
  }

  state(): { json: Json; tensors: StateDict } {
    const carried = tensorsOf(this.#carried.value);
    const tensors: StateDict = new Map(
      carried.map((t, k) => [`carried.${k}`, { dtype: t.dtype, shape: t.shape, data: t.dataSync() }]),
    );
    return { json: { position: this.#train.position, carried: carried.length }, tensors };
  }

  setState({ json, tensors }: { json: Json; tensors: StateDict }): void {
    const { position, carried } = Object(json) as { position?: unknown; carried?: unknown };
    if (typeof position !== 'number' || typeof carried !== 'number')
      throw new FormatError(
        'checkpoint',
        'its task state has no position and carried state; was it saved by another kind of task?',
      );
    const state = carried === 0 ? null : this.#stateOf(tensors);
    this.#train.position = position;
    this.#carried.replace(state);
  }

  /** The carried state from its saved tensors. */
  #stateOf(tensors: StateDict): LanguageState {
    let k = 0;
    const model = this.model.recurrent.initialState(this.#train.streams);
    return combine([model], ([t]) => {
      const name = `carried.${k++}`;
      const saved = tensors.get(name);
      if (!saved || saved.data.length !== t.size)
        throw new FormatError('checkpoint', `task.${name} does not fit ${t}; was the batch size changed?`);
      checkSavedValues('checkpoint', `task.${name}`, saved, t);
      const copy = empty(t.shape, { dtype: t.dtype, backend: t.backend });
      copy.set(saved.data);
      return copy;
    });
  }
}

/**
 * The mean loss of `data` read once from its start, state carried, nothing dropped, in nats per target. With a `part` below 1 only the first windows of every
 * stream are read, as many as that part.
 */
export async function evaluateLanguageModel(model: LanguageModel, data: StreamBatcher, part = 1): Promise<Evaluation> {
  if (!(data instanceof StreamBatcher))
    throw new OptionError('evaluateLanguageModel', 'data', `expected a StreamBatcher, got ${shown(data)}`);
  requireKinds('evaluateLanguageModel', { model, data }, { model: 'module', data: 'object' });
  requirePart('evaluateLanguageModel', part);
  let windows = part === 1 ? Infinity : Math.max(1, Math.round(part * data.windowsPerEpoch));
  const carried = new CarriedState<LanguageState>();
  let [sum, targets] = [0, 0];
  await inEvaluation(model, async () => {
    try {
      for (const { input, target } of data.epoch()) {
        const shape = [input.length / data.streams, data.streams];
        const { loss } = await computeValues(model, () => {
          const { loss, state } = model.loss(indices(input, shape), indices(target, shape), carried.value, 'sum');
          carried.replace(state);
          return { loss };
        });
        sum += loss[0];
        targets += target.length;
        await yieldToEventLoop();
        if (--windows === 0) break;
      }
    } finally {
      carried.replace(null);
    }
  });
  return { loss: sum / targets, targets };
}
