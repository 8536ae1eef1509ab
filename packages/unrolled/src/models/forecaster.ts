// Multivariate forecasting: a recurrent network reads the history and predicts the horizon, with quantiles.
//
//   direct                                            recursive
//                        ┌─▶ ŷ_1 … ŷ_horizon                             ŷ_1   ŷ_2   ŷ_3
//                        │ W h_T                                          ↑     ↑     ↑
//   h₁ ▶ h₂ ▶ h₃ ▶ … ▶ h_T                            h₁ ▶ h₂ ▶ … ▶ h_T ▶ h ▶ h ▶ …
//   ↑    ↑    ↑          ↑                             ↑    ↑        ↑     ↑    ↑
//   x₁   x₂   x₃         x_T                           x₁   x₂       x_T   ŷ_1  ŷ_2
//
// Direct forecasts say all steps at once and don't build on their own errors; recursive ones go on as long as they are asked to. Inputs are
// standardized inside, by the mean and deviation of the training rows, which are saved with the weights; forecasts come out in the data's units.
// The level is subtracted and added back in float64 (`Scaling`): float32 has seven digits, which a series at 1.7e9 uses up before its first change.

import { seriesLength } from '../data/series.ts';
import type { Series } from '../data/series.ts';
import { requireKinds, requireRoom, shown } from '../checks.ts';
import { momentsOf } from '../data/moments.ts';
import type { RowRange, WindowBatch } from '../data/windows.ts';
import { requireTensor } from '../tensor/ops/operands.ts';
import { checkOptions, FormatError, OptionError, ShapeError, TensorError } from '../errors.ts';
import { infer } from '../nn/in-evaluation.ts';
import { Dropout } from '../nn/dropout.ts';
import { constant } from '../nn/init.ts';
import { Linear } from '../nn/linear.ts';
import { Module, Parameter, type SavedTensor, type StateDict } from '../nn/module.ts';
import type { Recurrent } from '../nn/recurrent/recurrent.ts';
import { tensorsOf } from '../nn/recurrent/state.ts';
import { checkSavedValues } from '../nn/saved-tensor.ts';
import { full, tensor } from '../tensor/create.ts';
import { cat } from '../tensor/ops/shaping.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { completeRecurrentDropout, makeLayer, recurrentDropoutOptions } from './cells.ts';
import { requireType } from './model-type.ts';
import { completeOptions, type ForecasterConfig, type ForecasterOptions } from './forecaster-options.ts';
import { requireCount } from './sequence-model.ts';
import { Scaling } from './scaling.ts';

/** Options of `Forecaster.forecast`. */
export interface ForecastOptions {
  /** What is known in advance, [length + steps, B, K], where the model reads such. */
  readonly known?: Tensor | null;
  /** Steps to forecast. More than the horizon: from its own forecasts. Default: the horizon. */
  readonly steps?: number;
}

/** In the data's units. */
export interface Forecast {
  /** [steps, B, C]: the mean, median or the quantile nearest to it. */
  readonly values: Tensor;
  /** [steps, B, C, Q], rising along Q; Q = 0 without quantiles. */
  readonly quantiles: Tensor;
}

/** The same of plain float64 values, in the data's units. */
export interface WindowForecast {
  /** [steps, B, C] */
  readonly values: Float64Array;
  /** [steps, B, C, Q] */
  readonly quantiles: Float64Array;
}

const smallest = 1e-5; // added to a window's variance
const largest = 1e140; // deviation whose errors have a finite square, a thousand of them too

/** A WindowBatch, as far as a forecast reads it. */
const windows = { input: 'numbers', known: 'numbers?|null', rows: 'number' } as const;

/**
 *     const model = new Forecaster({ channels: 7, length: 96, horizon: 24, skip: 'linear' }).standardize(series, train);
 *     model.loss(input, target);                     // [96, B, 7] and [24, B, 7], in units; the loss is of standardized numbers
 *     model.forecast(input).values;                  // [24, B, 7], in units
 */
export class Forecaster extends Module {
  readonly config: ForecasterConfig;
  readonly recurrent: Recurrent<unknown>;
  readonly head: Linear;
  readonly linear: Linear | null;
  readonly dropout: Dropout;
  /** Scale of each channel after reversible normalization [C]. */
  readonly gain: Parameter | null;
  readonly shift: Parameter | null;
  /** Moments of the training rows: saved with the weights, not trained. */
  readonly #scaling: Scaling;
  /** The same of what is known in advance. */
  readonly #knownScaling: Scaling;
  #spread = 1;

  constructor(options: ForecasterOptions) {
    super();
    checkOptions('Forecaster', options, [
      'type',
      'channels',
      'length',
      'horizon',
      'known',
      'cell',
      'hiddenSize',
      'numLayers',
      'dropout',
      ...recurrentDropoutOptions,
      'method',
      'perChannel',
      'skip',
      'normalization',
      'loss',
      'quantiles',
    ]);
    requireType('Forecaster', 'forecaster', options);
    const config = (this.config = completeOptions(options));
    const { channels: C, length, horizon, known, cell, hiddenSize, numLayers, dropout, method, skip } = config;
    const width = config.perChannel ? 1 : C; // channels that the network sees
    const outputs = (method === 'direct' ? horizon : 1) * width * Math.max(1, config.quantiles.length);
    requireRoom('Forecaster', 'horizon', outputs, hiddenSize + horizon * known); // before the first weight is drawn
    requireRoom('Forecaster', 'length', length, skip === 'linear' ? horizon : 1);
    this.recurrent = makeLayer('Forecaster', cell, width + known, hiddenSize, {
      numLayers,
      dropout,
      ...completeRecurrentDropout('Forecaster', config),
    });
    const Q = Math.max(1, config.quantiles.length);
    // A direct head sees what is known of all steps to come; a recursive one reads it step by step.
    const direct = method === 'direct';
    this.head = new Linear(hiddenSize + (direct ? horizon * known : 0), (direct ? horizon : 1) * width * Q);
    this.linear = skip === 'linear' ? new Linear(length, horizon) : null;
    // It starts as the mean of the window: the network learns the residual.
    if (this.linear) constant(this.linear.weight, 1 / length);
    if (this.linear?.bias) constant(this.linear.bias, 0);
    this.dropout = new Dropout(dropout);
    const reversible = config.normalization === 'reversible';
    this.gain = reversible ? Parameter.of(full([C], 1)) : null;
    this.shift = reversible ? Parameter.of(full([C], 0)) : null;
    this.#scaling = new Scaling(C);
    this.#knownScaling = new Scaling(known);
  }

  /**
   * Takes mean and deviation of each channel from some rows of a series: the training rows. Those of `known`, row for row beside the series,
   * are taken too where it is given; without it, known values are read as they are. Returns this.
   */
  standardize(series: Series, rows: Partial<RowRange> = {}, known: Series | null = null): this {
    const { channels, known: K } = this.config;
    seriesLength(series);
    if (known) seriesLength(known);
    if (series.names.length !== channels)
      throw new OptionError('Forecaster', 'series', `has ${series.names.length} channels, and the model ${channels}`);
    if (known && known.names.length !== K)
      throw new OptionError('Forecaster', 'known', `has ${known.names.length} channels, and the model ${K}`);
    const [moments, knownMoments] = [momentsOf(series, rows), known && momentsOf(known, rows)];
    const huge = moments.deviation.findIndex((d) => !(d < largest));
    if (huge >= 0)
      throw new FormatError(
        'Forecaster',
        `column ${series.names[huge]} has a deviation of ${moments.deviation[huge].toPrecision(3)}, and squares of errors like that are no numbers; divide the column by a constant`,
      );
    this.#scaling.set(moments);
    if (knownMoments) this.#knownScaling.set(knownMoments);
    return this;
  }

  /** Subtracted from each channel. */
  get mean(): Float64Array {
    return this.#scaling.mean.slice();
  }

  /** Divisor of each channel, after its mean was subtracted. */
  get deviation(): Float64Array {
    return this.#scaling.deviation.slice();
  }

  /**
   * Factor on the distances of the quantiles from the middle one, in forecasts; the loss does not know it. 1 is what the network predicts;
   * `forecastTask` finds the one with which the outermost quantiles hold as much as they should. Saved with the weights.
   */
  get spread(): number {
    return this.#spread;
  }

  set spread(factor: number) {
    if (!(typeof factor === 'number' && factor > 0 && Number.isFinite(factor)))
      throw new OptionError('Forecaster', 'spread', `expected a number above 0, got ${shown(factor)}`);
    this.#spread = factor;
  }

  /** What the network reads: (x − mean) / deviation, x [.., C]. In the dtype of x; `windowLoss` and `forecastWindows` do it in float64. */
  standardized(x: Tensor): Tensor {
    requireTensor('Forecaster', x);
    return this.#scaling.apply(x);
  }

  /** input [length, B, C] in units → standardized forecasts [horizon, B, C, Q] (Q = 1 without quantiles). */
  forward(input: Tensor, options: Omit<ForecastOptions, 'steps'> = {}): Tensor {
    const known = this.#check(input, options.known ?? null, this.config.horizon);
    return this.#standardForecast(this.standardized(input), known && this.#knownScaling.apply(known));
  }

  /** Loss of standardized values: target [horizon, B, C] in units. */
  loss(
    input: Tensor,
    target: Tensor,
    options: Omit<ForecastOptions, 'steps'> & { readonly reduction?: 'mean' | 'sum' } = {},
  ): Tensor {
    const { reduction = 'mean', ...rest } = options;
    const forecast = this.forward(input, rest); // [horizon, B, C, Q]
    const expected = forecast.shape.slice(0, 3);
    if (!sameShape(target.shape, expected)) throw new ShapeError('Forecaster', 'a target', expected, target.shape);
    const error = this.standardized(target).unsqueeze(3).sub(forecast);
    const loss = this.#lossOf(error);
    return reduction === 'sum' ? loss.sum() : loss.mean();
  }

  /** The loss of windows in units, standardized in float64. Targets that are NaN don't count: the mean is over the others. */
  windowLoss(batch: WindowBatch, options: { readonly reduction?: 'mean' | 'sum' } = {}): Tensor {
    requireKinds(
      'Forecaster.windowLoss',
      { batch, options },
      { batch: { ...windows, target: 'numbers' }, options: 'object' },
    );
    checkOptions('Forecaster.windowLoss', options, ['reduction']);
    const { reduction = 'mean' } = options;
    const { channels: C, horizon } = this.config;
    const { x, known } = this.#standardBatch(batch, horizon);
    const shape = [horizon, batch.rows, C, 1];
    if (batch.target?.length !== horizon * batch.rows * C)
      throw new ShapeError('Forecaster', 'target values', shape.slice(0, 3), [batch.target?.length ?? 0]);
    const there = Float32Array.from(batch.target, (y) => (Number.isNaN(y) ? 0 : 1));
    const count = there.reduce((sum, one) => sum + one, 0);
    const target = this.#scaling.applyTo(batch.target).map((y) => (Number.isNaN(y) ? 0 : y));
    const error = tensor(target, shape).sub(this.#standardForecast(x, known)); // [horizon, B, C, Q]
    const loss = count < there.length ? this.#lossOf(error).mul(tensor(there, shape)) : this.#lossOf(error);
    if (reduction === 'sum') return loss.sum();
    return count < there.length ? loss.sum().div(Math.max(1, count) * error.shape[3]) : loss.mean();
  }

  /** Forecasts of windows in units, without gradient and dropout, standardized and brought back in float64. */
  forecastWindows(batch: Omit<WindowBatch, 'target'>, options: { readonly steps?: number } = {}): WindowForecast {
    requireKinds('Forecaster.forecastWindows', { batch, options }, { batch: windows, options: 'object' });
    checkOptions('Forecaster.forecastWindows', options, ['steps']);
    const { steps = this.config.horizon } = options;
    requireCount('Forecaster', 'steps', steps);
    const Q = this.config.quantiles.length;
    return infer(this, () => {
      const { x, known } = this.#standardBatch(batch, steps);
      const all = this.#standardSteps(x, known, steps);
      return {
        values: this.#scaling.invertTo(this.#point(all).dataSync()),
        quantiles: Q > 0 ? this.#scaling.invertTo(all.dataSync(), Q) : new Float64Array(0),
      };
    });
  }

  #standardBatch({ input, known, rows: B }: Omit<WindowBatch, 'target'>, steps: number) {
    const { channels: C, length, known: K } = this.config;
    requireCount('Forecaster', 'rows', B);
    if (input?.length !== length * B * C)
      throw new ShapeError('Forecaster', 'input values', [length, B, C], [input?.length ?? 0]);
    if (known && known.length !== (length + steps) * B * K)
      throw new ShapeError('Forecaster', 'known values', [length + steps, B, K], [known.length]);
    const x = tensor(this.#scaling.applyTo(input), [length, B, C]);
    const ahead = known && tensor(this.#knownScaling.applyTo(known), [length + steps, B, K]);
    return { x, known: this.#check(x, ahead, steps) };
  }

  /** Forecasts in the data's units, without gradient and dropout. input [length, B, C]. */
  forecast(input: Tensor, options: ForecastOptions = {}): Forecast {
    checkOptions('Forecaster.forecast', options, ['known', 'steps']);
    const { horizon, quantiles } = this.config;
    const { steps = horizon } = options;
    requireCount('Forecaster', 'steps', steps);
    const known = this.#check(input, options.known ?? null, steps);
    return infer(this, () => {
      const all = this.#standardSteps(this.standardized(input), known && this.#knownScaling.apply(known), steps);
      const units = (y: Tensor) => this.#scaling.invert(y);
      return {
        values: units(this.#point(all)),
        quantiles:
          quantiles.length > 0
            ? units(all.permute(0, 1, 3, 2)).permute(0, 1, 3, 2)
            : tensor([], [...all.shape.slice(0, 3), 0], { backend: input.backend }),
      };
    });
  }

  /** Standardized forecasts of any number of steps [steps, B, C, Q], block by block: each block reads the values of those before it. */
  #standardSteps(input: Tensor, known: Tensor | null, steps: number): Tensor {
    const { horizon } = this.config;
    let x = input;
    const parts: Tensor[] = [];
    for (let from = 0; from < steps; from += horizon) {
      const y = this.#standardForecast(x, known && this.#knownOf(known, from));
      parts.push(y);
      x = cat([x, this.#point(y)], 0).slice(0, horizon);
    }
    return this.#spreadOut((parts.length > 1 ? cat(parts, 0) : parts[0]).slice(0, 0, steps));
  }

  /** Quantiles [.., Q] by the spread nearer to the middle one, or farther from it. */
  #spreadOut(y: Tensor): Tensor {
    if (this.#spread === 1) return y;
    const middle = this.#point(y).unsqueeze(3);
    return middle.add(y.sub(middle).mul(this.#spread));
  }

  /** x [length, B, C], known [length + horizon, B, K], standardized → [horizon, B, C, Q]. */
  #standardForecast(x: Tensor, known: Tensor | null): Tensor {
    if (!this.gain || !this.shift) return this.#saysOfChannels(x, known);
    const mean = x.mean(0, true); // [1, B, C]
    const deviation = x.sub(mean).square().mean(0, true).add(smallest).sqrt();
    const y = this.#saysOfChannels(x.sub(mean).div(deviation).mul(this.gain).add(this.shift), known);
    // The way back, channel by channel: [horizon, B, Q, C].
    const back = y.permute(0, 1, 3, 2).sub(this.shift).div(this.gain);
    return back.mul(deviation.unsqueeze(2)).add(mean.unsqueeze(2)).permute(0, 1, 3, 2);
  }

  /** With `perChannel` each channel is a row of its own, and what is known is the same for all. */
  #saysOfChannels(x: Tensor, known: Tensor | null): Tensor {
    if (!this.config.perChannel) return this.#says(x, known);
    const [T, B, C] = x.shape;
    const everywhere = (z: Tensor) =>
      z
        .unsqueeze(2)
        .expand(z.shape[0], B, C, z.shape[2])
        .reshape(z.shape[0], B * C, z.shape[2]);
    const y = this.#says(x.reshape(T, B * C, 1), known && everywhere(known)); // [horizon, B·C, 1, Q]
    return y.reshape(y.shape[0], B, C, y.shape[3]);
  }

  #says(x: Tensor, known: Tensor | null): Tensor {
    const { length, horizon, method } = this.config;
    const [, B, C] = x.shape;
    const past = known ? cat([x, known.slice(0, 0, length)], 2) : x;
    const [, state] = this.recurrent.forward(past);
    const h = this.#hidden(state);
    if (method === 'recursive') return this.#stepByStep(x, state, known);
    const ahead = known?.slice(0, length).permute(1, 0, 2).reshape(B, -1);
    const y = this.head.forward(ahead ? cat([h, ahead], 1) : h); // [B, horizon·C·Q]
    const Q = y.shape[1] / (horizon * C);
    return this.#ordered(y.reshape(B, horizon, C, Q).permute(1, 0, 2, 3), this.#base(x));
  }

  /** What the network's word is added to: [horizon or 1, B, C, 1], or nothing. */
  #base(x: Tensor): Tensor | null {
    const { skip, length } = this.config;
    if (this.linear)
      return this.linear
        .forward(x.permute(1, 2, 0))
        .permute(2, 0, 1)
        .unsqueeze(3);
    return skip === 'last' ? x.slice(0, length - 1).unsqueeze(3) : null;
  }

  #stepByStep(x: Tensor, start: unknown, known: Tensor | null): Tensor {
    const { length, horizon, skip } = this.config;
    const [, B, C] = x.shape;
    let state = start;
    let last = x.slice(0, length - 1); // [1, B, C]
    const steps: Tensor[] = [];
    for (let k = 0; k < horizon; k++) {
      if (k > 0) {
        // What is known of a step is read together with the value of that step.
        const here = known?.slice(0, length + k - 1, length + k);
        [, state] = this.recurrent.forward(here ? cat([last, here], 2) : last, state);
      }
      const y = this.head.forward(this.#hidden(state)).reshape(1, B, C, -1);
      const step = this.#ordered(y, skip === 'last' ? last.unsqueeze(3) : null);
      steps.push(step);
      last = this.#point(step);
    }
    return cat(steps, 0);
  }

  /** The last layer's h [B, H]. */
  #hidden(state: unknown): Tensor {
    return this.dropout.forward(tensorsOf(state)[0].select(0, this.config.numLayers - 1));
  }

  /** Quantiles that cannot cross: the middle one as it is, the others from it outwards, by distances that are softplus and so positive. */
  #ordered(y: Tensor, base: Tensor | null): Tensor {
    const Q = y.shape[3];
    const parts = Q > 1 ? y.split(new Array<number>(Q).fill(1), 3) : [y];
    const middle = this.#middle();
    parts[middle] = base ? parts[middle].add(base) : parts[middle];
    for (let q = middle + 1; q < Q; q++) parts[q] = parts[q - 1].add(parts[q].softplus());
    for (let q = middle - 1; q >= 0; q--) parts[q] = parts[q + 1].sub(parts[q].softplus());
    return Q > 1 ? cat(parts, 3) : parts[0];
  }

  /** The number of the quantile that is nearest to the median. */
  #middle(): number {
    let best = 0;
    for (const [k, q] of this.config.quantiles.entries())
      if (Math.abs(q - 0.5) < Math.abs(this.config.quantiles[best] - 0.5)) best = k;
    return best;
  }

  /** [.., C, Q] → [.., C]. */
  #point(y: Tensor): Tensor {
    return y.select(3, this.#middle());
  }

  /** y − ŷ [horizon, B, C, Q] → the loss of each. */
  #lossOf(error: Tensor): Tensor {
    const { loss, quantiles } = this.config;
    if (loss === 'mse') return error.square();
    if (loss === 'mae') return error.abs();
    const q = tensor(quantiles, [quantiles.length], { backend: error.backend, dtype: error.dtype });
    return error.mul(q).maximum(error.mul(q.sub(1))); // the pinball loss (Koenker and Bassett 1978)
  }

  /** The length + horizon steps of `known` from step `from`; zeros behind its end, where nothing is asked. */
  #knownOf(known: Tensor, from: number): Tensor {
    const size = this.config.length + this.config.horizon;
    const part = known.slice(0, from, Math.min(from + size, known.shape[0]));
    const lacking = size - part.shape[0];
    if (lacking === 0) return part;
    return cat([part, full([lacking, ...part.shape.slice(1)], 0, { backend: part.backend, dtype: part.dtype })], 0);
  }

  #check(input: Tensor, known: Tensor | null, steps: number): Tensor | null {
    const { channels, length, known: K } = this.config;
    for (const x of known === null ? [input] : [input, known]) requireTensor('Forecaster', x);
    if (input.dtype === 'int32') throw new TensorError('Forecaster', `expected numbers, got ${shown(input)}`);
    if (input.rank !== 3 || input.shape[0] !== length || input.shape[2] !== channels)
      throw new ShapeError('Forecaster', 'input', [length, 'batch', channels], input.shape);
    if (K === 0) {
      if (known)
        throw new OptionError(
          'Forecaster',
          'known',
          'the model reads nothing that is known in advance; make it with known: n',
        );
      return null;
    }
    const expected = [length + steps, input.shape[1], K];
    if (!known)
      throw new OptionError(
        'Forecaster',
        'known',
        `the model reads ${K} numbers a step that are known in advance: [${expected.join(', ')}]`,
      );
    if (!sameShape(known.shape, expected)) throw new ShapeError('Forecaster', 'known', expected, known.shape);
    return known;
  }

  /** With mean and deviation of the training rows, in float64: `mean` and `deviation`, `known_mean` and `known_deviation`; and with quantiles `spread`. */
  override stateDict(): StateDict {
    const state = super.stateDict();
    for (const [name, data] of this.#moments())
      state.set(name, { dtype: 'float64', shape: [data.length], data: data.slice() });
    return state;
  }

  override loadStateDict(saved: ReadonlyMap<string, SavedTensor>, source = 'state dict'): this {
    requireKinds('Forecaster.loadStateDict', { saved, source }, { saved: 'map', source: 'text' });
    const weights = new Map(saved);
    const given = new Map<string, ArrayLike<number>>();
    for (const [name, own] of this.#moments()) {
      const value = saved.get(name);
      // Older models read known values as they are, and their quantiles are those of the network.
      if (!value && (name.startsWith('known_') || name === 'spread')) {
        given.set(
          name,
          own.map(() => (name === 'known_mean' ? 0 : 1)),
        );
        continue;
      }
      if (!value) throw new FormatError(source, `lacks ${name} ${JSON.stringify([own.length])}`);
      checkSavedValues(source, name, value, { shape: [own.length], dtype: 'float64', size: own.length });
      const low = name !== 'mean' && name !== 'known_mean' ? Array.from(value.data).find((v) => v <= 0) : undefined;
      if (low !== undefined) throw new FormatError(source, `${name}: expected numbers above 0, got ${shown(low)}`);
      weights.delete(name);
      given.set(name, value.data);
    }
    super.loadStateDict(weights, source);
    const of = (name: string) => given.get(name) ?? [];
    this.#scaling.set({ mean: of('mean'), deviation: of('deviation') });
    this.#knownScaling.set({ mean: of('known_mean'), deviation: of('known_deviation') });
    this.#spread = given.get('spread')?.[0] ?? 1;
    return this;
  }

  #moments(): [name: string, values: Float64Array][] {
    const { mean, deviation } = this.#scaling;
    const known = this.#knownScaling;
    return [
      ['mean', mean],
      ['deviation', deviation],
      ...(this.config.known > 0
        ? ([
            ['known_mean', known.mean],
            ['known_deviation', known.deviation],
          ] as [string, Float64Array][])
        : []),
      ...(this.config.quantiles.length > 1
        ? [['spread', Float64Array.of(this.#spread)] as [string, Float64Array]]
        : []),
    ];
  }
}
