// The context length that a trained language model really uses. The state is truncated: the network reads the last k symbols only, from a zero state, and
// predicts the next. As k grows the loss falls, and where it stops falling, older symbols no longer matter. For comparison: the loss of
// n-grams, which use exactly n − 1 symbols, at the same positions of the same text.

import { requireKinds, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { type LanguageModel, requireLanguageModel } from '../models/language-model.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { logSoftmax } from '../tensor/ops/softmax.ts';
import { scope } from '../tensor/scope.ts';
import { plotOptions, type ReportLanguage, requireLanguage } from './language.ts';
import { lineChart } from './line-chart.ts';
import { NGramModel } from './n-gram.ts';
import { preservingState } from './preserving-state.ts';

/** Options of `memoryLength`. */
export interface MemoryLengthOptions {
  /** Context lengths to measure, in symbols. Default 1, 2, 3, 4, 6, 8, 12, 16, … up to 192. */
  readonly contexts?: readonly number[];
  /** Positions at which to predict, evenly spread. Default 512. */
  readonly positions?: number;
  /** Text to count the n-grams in, usually the training text. Default: no n-grams. */
  readonly countIn?: ArrayLike<number> | null;
  /** Longest n-gram. Default 6. */
  readonly order?: number;
  /** Tolerance in nats below which a difference does not count. Default 0.01. */
  readonly tolerance?: number;
}

/** How many steps back the prediction still depends on the input. */
export interface MemoryLength {
  readonly positions: number;
  readonly contexts: readonly {
    readonly context: number;
    /** Loss in nats per symbol. */
    readonly loss: number;
    /** Difference from the loss with the longest context, and its standard error. */
    readonly excess: number;
    readonly error: number;
  }[];
  /** N-gram losses, with n − 1 symbols of context each. */
  readonly ngrams: readonly { readonly context: number; readonly loss: number }[];
  /** The shortest context whose loss is within the tolerance of the longest's. */
  readonly uses: number;
  readonly tolerance: number;
}

const usual = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192];
const mostLogits = 1 << 22;

/**
 *     const found = memoryLength(model, validationIds, { countIn: trainIds });
 *     console.log(describeMemoryLength(found).join('\n'));
 *
 * Throws an OptionError when the text is shorter than the longest context.
 */
export function memoryLength(
  model: LanguageModel,
  ids: ArrayLike<number>,
  options: MemoryLengthOptions = {},
): MemoryLength {
  requireLanguageModel('memoryLength', model);
  requireKinds('memoryLength', { ids, options }, { ids: 'numbers', options: 'object' });
  const who = 'memoryLength';
  checkOptions(who, options, ['contexts', 'positions', 'countIn', 'order', 'tolerance']);
  const { positions = 512, countIn = null, order = 6, tolerance = 0.01 } = options;
  requireKinds(
    who,
    { contexts: options.contexts, positions, order, tolerance },
    { contexts: 'numbers?', positions: 'number', order: 'number', tolerance: 'number' },
  );
  requireWhole(who, 'positions', positions, 1);
  const contexts = (options.contexts ?? usual.filter((k) => k < ids.length / 2)).slice().sort((a, b) => a - b);
  const longest = contexts[contexts.length - 1];
  if (contexts.length === 0 || !contexts.every((k) => Number.isInteger(k) && k > 0))
    throw new OptionError(who, 'contexts', `expected whole numbers from 1, got ${shown(contexts)}`);
  if (ids.length <= longest)
    throw new OptionError(who, 'ids', `expected more than ${longest} symbols, got ${ids.length}`);
  const count = Math.min(positions, ids.length - longest);
  const places = Array.from({ length: count }, (_, k) => longest + Math.floor((k * (ids.length - longest)) / count));
  const losses = preservingState(model, () => {
    model.eval();
    return contexts.map((k) => lossesWith(model, ids, places, k));
  });
  const best = losses[losses.length - 1];
  const found = contexts.map((context, k) => {
    const differences = losses[k].map((l, i) => l - best[i]);
    const excess = mean(differences);
    const error = Math.sqrt(mean(differences.map((d) => (d - excess) ** 2)) / Math.max(1, count - 1));
    return { context, loss: mean(losses[k]), excess, error };
  });
  const counted = countIn && new NGramModel(countIn, { order, vocabularySize: model.vocabularySize });
  const byOrder = counted ? places.map((p) => counted.lossAt(ids, p)) : [];
  return {
    positions: count,
    contexts: found,
    ngrams: counted
      ? Array.from({ length: order }, (_, n) => ({ context: n, loss: mean(byOrder.map((l) => l[n])) }))
      : [],
    uses: (found.find(({ excess }) => excess <= tolerance) ?? found[found.length - 1]).context,
    tolerance,
  };
}

/** The loss at every position after reading `context` symbols. */
function lossesWith(
  model: LanguageModel,
  ids: ArrayLike<number>,
  places: readonly number[],
  context: number,
): number[] {
  const V = model.vocabularySize;
  const rows = Math.max(1, Math.min(256, Math.floor(mostLogits / (context * V))));
  const losses: number[] = [];
  for (let first = 0; first < places.length; first += rows) {
    const here = places.slice(first, first + rows);
    const B = here.length;
    const input = Int32Array.from({ length: context * B }, (_, i) => ids[here[i % B] - context + Math.floor(i / B)]);
    scope(() =>
      noGrad(() => {
        const [logits] = model.forward(indices(input, [context, B]));
        const { array } = logSoftmax(logits.select(0, context - 1)).storage;
        for (const [b, p] of here.entries()) losses.push(-array[b * V + ids[p]]);
      }),
    );
  }
  return losses;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** A measurement, as descriptions and plots require it. */
const measured = {
  positions: 'number',
  contexts: [{ context: 'number', loss: 'number' }],
  ngrams: [{ context: 'number', loss: 'number' }],
  uses: 'number',
  tolerance: 'number',
} as const;

/** The measurement in sentences. */
export function describeMemoryLength(found: MemoryLength, language: ReportLanguage = 'en'): string[] {
  requireKinds('describeMemoryLength', { found }, { found: measured });
  requireLanguage('describeMemoryLength', language);
  if (found.contexts.length === 0)
    throw new OptionError('describeMemoryLength', 'found.contexts', 'expected at least one');
  const ko = language === 'ko';
  const { contexts, ngrams, uses, tolerance, positions } = found;
  const [first, last] = [contexts[0], contexts[contexts.length - 1]];
  const whole = uses === last.context;
  const lines = [
    ko
      ? `${positions}곳에서 잰 손실: 직전 ${first.context}글자만 읽으면 ${first.loss.toFixed(3)}, ${last.context}글자를 읽으면 ${last.loss.toFixed(3)} nats.`
      : `At ${positions} places: ${first.loss.toFixed(3)} nats after reading ${first.context} symbol, ${last.loss.toFixed(3)} after ${last.context}.`,
    whole
      ? ko
        ? `${last.context}글자까지도 손실이 계속 줄어듭니다. 더 긴 문맥으로 재어 보십시오.`
        : `The loss still falls at ${last.context} symbols: measure with a longer context.`
      : ko
        ? `실제로 쓰는 문맥은 ${uses}글자쯤입니다. 그보다 앞의 글자는 ${tolerance} nats도 바꾸지 못합니다.`
        : `It uses about ${uses} symbols of context: older symbols change the loss by less than ${tolerance} nats.`,
  ];
  if (ngrams.length > 0) {
    const best = ngrams.reduce((a, b) => (b.loss < a.loss ? b : a));
    const matched = contexts.find(({ loss }) => loss <= best.loss);
    const n = best.context + 1;
    if (ko)
      lines.push(
        `세기만 하는 ${n}-gram은 ${best.loss.toFixed(3)} nats입니다. ${matched ? `신경망은 ${matched.context}글자를 읽으면 이를 넘어섭니다.` : '신경망은 아직 이에 미치지 못합니다.'}`,
      );
    else
      lines.push(
        `The best n-gram model has n = ${n}: ${best.loss.toFixed(3)} nats. ${matched ? `The network beats it after ${matched.context} symbols.` : 'The network does not reach it.'}`,
      );
  }
  return lines;
}

/** Plots the loss over the context length, for the network and the n-gram models. */
export function memoryLengthPlot(given: MemoryLength, options: { readonly language?: ReportLanguage } = {}): string {
  requireKinds('memoryLengthPlot', { given }, { given: measured });
  const { language } = plotOptions('memoryLengthPlot', options);
  const { contexts, ngrams, uses } = given;
  const ko = language === 'ko';
  const counted = ngrams.filter(({ context }) => context > 0);
  return lineChart({
    title: ko ? '문맥의 길이와 손실' : 'Loss by context length',
    xLabel: ko ? '읽은 글자 수' : 'symbols read',
    yLabel: ko ? '손실(nats)' : 'loss (nats per symbol)',
    xScale: 'log',
    series: [
      { name: ko ? '신경망' : 'network', points: contexts.map(({ context, loss }) => [context, loss]) },
      ...(counted.length > 0
        ? [
            {
              name: ko ? 'n-gram' : 'counting (n-grams)',
              kind: 'dashes' as const,
              points: counted.map(({ context, loss }) => [context, loss] as const),
            },
          ]
        : []),
    ],
    marks: [{ axis: 'x', at: uses, label: ko ? `${uses}글자` : `uses ${uses}` }],
  });
}
