// Learning to translate: pairs of sequences in, a model that writes the second when it reads the first out.

import { computeValues } from '../inference/compute.ts';
import { ClassSampler } from '../nn/class-sampler.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import { type Kind, optional, requireKinds, shown, requireOneEach } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import { checkOptions, OptionError } from '../errors.ts';
import type { Seq2Seq, TranslateOptions } from '../models/seq2seq/seq2seq.ts';
import { drawsClasses } from '../models/output-layer.ts';
import { teacherForcingRatio, type TeacherForcingSchedule } from '../models/seq2seq/teacher-forcing.ts';
import { readingOrder, translateAll } from '../inference/translate.ts';
import { full } from '../tensor/create.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import { cat } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { ExampleTask } from './example-task.ts';
import { type BatchOptions, requireExamples, type Sequences } from './sequences.ts';
import { chooseRows, type Probe, type ProbeSize, probeSize, rowOf } from './probe.ts';
import { inPart } from './part.ts';
import type { Evaluation } from './task.ts';

export { translateAll } from '../inference/translate.ts';

/** Source sequences with their targets. */
export interface SequencePairs {
  /** Symbols of each source. */
  readonly sources: Sequences;
  /** Targets without start and end. */
  readonly targets: Sequences;
}

/** Metrics of predicted sequences against targets, both as symbols without start and end, by name. */
export type TranslationMetrics = (
  predicted: readonly Int32Array[],
  wanted: Sequences,
) => Readonly<Record<string, number>>;

const pairsKind: Kind = { sources: 'lists', targets: 'lists' };

/** Options of `translateTask`. */
export interface TranslateTaskOptions extends BatchOptions {
  readonly train: SequencePairs;
  /** Default: none. */
  readonly validation?: SequencePairs | null;
  /** The share ε of true symbols that the decoder reads, or how it falls over the steps (scheduled sampling). Default 1. */
  readonly teacherForcing?: number | TeacherForcingSchedule;
  /** The part of every target that is spread evenly over all symbols, in training. Default 0. */
  readonly labelSmoothing?: number;
  /** How many validation pairs to translate at every validation, for `exactMatch` and `measure`. Default 0. */
  readonly translate?: number;
  /** How. Default: greedily. */
  readonly search?: TranslateOptions;
  /** More to measure on those: BLEU, say. Default: none. */
  readonly measure?: TranslationMetrics | null;
  /** Criterion of the best model: the loss, or a metric, the higher the better. Default 'loss'. */
  readonly best?: string;
}

/**
 *     const model = new Seq2Seq({ sourceVocabulary: de.size, targetVocabulary: en.size });
 *     const task = translateTask(model, { train: { sources, targets }, validation, batchSize: 64, seed: 1, translate: 200 });
 *     await fit(task, { optimizer: new Adam(model.parameters()), steps: 8 * task.stepsPerEpoch, evaluateEvery: task.stepsPerEpoch, clipNorm: 1 });
 *
 * A validation has the loss in nats per target (ends included), `perplexity`, and where it translates `exactMatch` and what `measure` gives.
 * Pairs of similar length are batched together. Throws an OptionError that names the first pair that does not fit.
 */
export function translateTask(model: Seq2Seq, options: TranslateTaskOptions): ExampleTask<Seq2Seq> {
  requireKinds(
    'translateTask',
    { model, options },
    {
      model: 'module',
      options: {
        train: pairsKind,
        validation: optional(pairsKind),
        labelSmoothing: 'number?',
        translate: 'number?',
        search: 'object?',
        measure: 'function?|null',
        best: 'text?',
      },
    },
  );
  const who = 'translateTask';
  checkOptions(who, options, [
    'train',
    'validation',
    'batchSize',
    'tokens',
    'seed',
    'teacherForcing',
    'labelSmoothing',
    'translate',
    'search',
    'measure',
    'best',
  ]);
  const { train, validation = null, teacherForcing = 1, translate = 0, search = {}, measure = null } = options;
  const { best = 'loss', batchSize, tokens, seed, labelSmoothing = 0 } = options;
  if (!(Number.isInteger(translate) && translate >= 0))
    throw new OptionError(who, 'translate', `expected a whole number from 0, got ${shown(translate)}`);
  if (best !== 'loss' && (validation === null || translate === 0))
    throw new OptionError(who, 'best', `${best} is measured on translations: validation and translate are needed`);
  teacherForcingRatio(teacherForcing, 0);
  requireProbability(who, 'labelSmoothing', labelSmoothing);
  for (const pairs of validation ? [train, validation] : [train]) checkPairs(who, model, pairs);
  requireExamples(who, train.sources.length, validation?.sources.length);
  if (drawsClasses(model.config)) model.sampler = ClassSampler.fromCounts(countsOf(model, train));
  if (labelSmoothing > 0 && model.config.output !== undefined)
    throw new OptionError(who, 'labelSmoothing', `needs the full softmax, not output '${model.config.output}'`);
  const batches = new BucketBatcher(lengthsOf(train), { batchSize, tokens, seed });
  /** Steps before the batch that was drawn last: what the run saves, so a resumed one forces alike. */
  const step = () => Math.max(0, batches.position.epoch * batches.batchesPerEpoch + batches.position.batch - 1);
  return new ExampleTask(model, {
    batches,
    loss: (rows) => {
      const batch = batchOf(model, train, rows);
      const loss = model.loss(batch, { teacherForcing: teacherForcingRatio(teacherForcing, step()), labelSmoothing });
      return { loss, targets: batch.targets, perTarget: 1 };
    },
    evaluate: async (part) => {
      if (!validation) return null;
      const pairs = inPart({ sources: validation.sources, targets: validation.targets }, part);
      const { loss, targets, metrics } = await evaluateTranslator(model, pairs);
      if (translate === 0) return { loss, targets, metrics };
      const some = { sources: pairs.sources.slice(0, translate), targets: pairs.targets.slice(0, translate) };
      const predicted = (await translateAll(model, some.sources, search)).map(([first]) => first.ids);
      const all = {
        ...metrics,
        exactMatch: exactMatch(predicted, some.targets),
        ...measure?.(predicted, some.targets),
      };
      if (best === 'loss') return { loss, targets, metrics: all };
      const value: number | undefined = (all as Record<string, number>)[best];
      if (value === undefined)
        throw new OptionError(who, 'best', `${best} was not measured; there are ${Object.keys(all).join(', ')}`);
      return { loss, targets, metrics: all, score: -value };
    },
    probe: (size) => probeOf(model, train, size),
  });
}

/** The start of a few pairs. */
function probeOf(model: Seq2Seq, pairs: SequencePairs, size: ProbeSize = {}): Probe {
  const { rows: most, steps } = { ...probeSize, ...size };
  const chosen = chooseRows(pairs.sources.length, most, (n) => Array.from(pairs.targets[n]).slice(0, steps).join(' '));
  const cut = (rows: Sequences) => chosen.map((n) => Array.from(rows[n]).slice(0, steps));
  const some = { sources: cut(pairs.sources), targets: cut(pairs.targets) };
  const batch = (rows: readonly number[]) => batchOf(model, some, Int32Array.from(rows));
  const { targetVocabulary, end } = model.config;
  const stepsOf = (r: number) => some.targets[r].length + (end === null ? 0 : 1);
  return {
    rows: chosen.length,
    steps: Math.max(...some.sources.map((row) => row.length)),
    behind: 'padding',
    baseline: { loss: Math.log(targetVocabulary), name: `ln ${targetVocabulary}` },
    loss: (rows) => model.loss(batch(rows)),
    outputs(rows, more) {
      const { source, input, ...rest } = batch(rows);
      const longer = (x: Tensor) => (more === 0 ? x : cat([x, full([more, rows.length], 1, x)], 0));
      const { logits } = model.forward({
        ...rest,
        source: longer(source),
        input: longer(input),
        target: longer(rest.target),
      });
      return rows.map((r, b) => rowOf(logits, b, stepsOf(r)));
    },
    inPieces: null,
  };
}

/** Every pair once, teacher forcing, dropout off: the loss in nats per target, and its exponential. */
export async function evaluateTranslator(
  model: Seq2Seq,
  pairs: SequencePairs,
): Promise<Evaluation & { readonly metrics: { readonly perplexity: number } }> {
  requireKinds('evaluateTranslator', { model, pairs }, { model: 'module', pairs: pairsKind });
  checkPairs('evaluateTranslator', model, pairs);
  let [sum, targets] = [0, 0];
  await inEvaluation(model, async () => {
    for (const rows of readingOrder(lengthsOf(pairs))) {
      const { loss } = await computeValues(model, () => {
        const read = batchOf(model, pairs, rows);
        targets += read.targets;
        return { loss: model.loss(read, { reduction: 'sum' }) };
      });
      sum += loss[0];
      await yieldToEventLoop();
    }
  });
  const loss = sum / Math.max(1, targets);
  return { loss, targets, metrics: { perplexity: Math.exp(loss) } };
}

/** How often each symbol is a target, the end included. */
function countsOf({ config }: Seq2Seq, { targets }: SequencePairs): Int32Array {
  const counts = new Int32Array(config.targetVocabulary);
  for (const row of targets) for (let t = 0; t < row.length; t++) counts[row[t]]++;
  if (config.end !== null) counts[config.end] += targets.length;
  return counts;
}

/** The longer side of each pair, the end included. */
function lengthsOf({ sources, targets }: SequencePairs): Int32Array {
  return Int32Array.from(sources, (row, n) => Math.max(row.length, targets[n].length + 1));
}

function batchOf(model: Seq2Seq, { sources, targets }: SequencePairs, rows: Int32Array) {
  return model.batch(
    Array.from(rows, (n) => sources[n]),
    Array.from(rows, (n) => targets[n]),
  );
}

function exactMatch(predicted: readonly Int32Array[], wanted: Sequences): number {
  const same = predicted.filter(
    (ids, n) => ids.length === wanted[n].length && ids.every((id, t) => id === wanted[n][t]),
  );
  return same.length / Math.max(1, predicted.length);
}

function checkPairs(who: string, { config }: Seq2Seq, { sources, targets }: SequencePairs): void {
  requireOneEach(who, 'targets', targets, `${sources.length} sources`, sources.length);
  const check = (side: string, rows: Sequences, V: number) => {
    for (const [n, row] of rows.entries()) {
      for (let t = 0; t < row.length; t++) {
        if (!(Number.isInteger(row[t]) && row[t] >= 0 && row[t] < V))
          throw new OptionError(
            who,
            side,
            `pair ${n}: expected symbols from 0 to ${V - 1}, got ${shown(row[t])} at ${t}`,
          );
      }
    }
  };
  check('sources', sources, config.sourceVocabulary);
  check('targets', targets, config.targetVocabulary);
  const empty = sources.findIndex((row) => row.length === 0);
  if (empty >= 0) throw new OptionError(who, 'sources', `pair ${empty}: its source is empty; leave it out`);
}
