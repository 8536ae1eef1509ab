// Pairs of texts, the second to be written when the first was read: trained, measured, asked and looked into.

import { OptionError, Seq2Seq, type Seq2SeqConfig, translateTask } from 'unrolled';
import { bleu } from 'unrolled/metrics';
import type { CellName, DecoderKind } from 'unrolled';
import { translation, type TranslationInput, translationOf } from 'unrolled/pipelines';
import { beamOptions } from '../command-line/search-options.ts';
import type { Values } from '../command-line/options.ts';
import { evenRows, sampledRows } from '../examples/encode.ts';
import { insidesOf } from '../examples/inspect.ts';
import { typeable, unknownWarning } from '../examples/say.ts';
import { quoted } from '../shell.ts';
import type { Parts } from '../examples/parts.ts';
import type { InspectSource } from '../inspect/source.ts';
import type { Prepared, SavedRun, TaskKind } from '../runs/kind.ts';
import { outputName, outputOf } from '../runs/output-options.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { shownTogether } from '../runs/shown.ts';
import { grouped } from '../terminal/index.ts';
import type { TranslateConfig, TranslateData } from './config.ts';
import { type Pair, type PairSource, readTranslations } from './data.ts';
import { bleuOf, evaluateTranslate } from './evaluate.ts';
import { forcingOf, type ForcingName, translateOptions } from './options.ts';
import { predictTranslate } from './predict.ts';
import { type EncodedPairs, encodePairs, type PairTokenizers, trainTokenizers, unitsOf } from './tokens.ts';
import { attended, attends, attentionOf, translated } from './view.ts';
import { t } from '../language/index.ts';

type TranslateValues = Values<typeof translateOptions>;

const beamKeys = Object.keys(beamOptions) as (keyof typeof beamOptions)[];

export const translate: TaskKind<TranslateConfig, typeof translateOptions, Seq2Seq> = {
  name: 'translate',
  summary: 'train a sequence-to-sequence model: translation, pronunciation, date formats',
  args: [['[files...]', 'CSV, TSV, JSON lines or Parquet with two columns; or two line-aligned texts']],
  options: translateOptions,
  examples: [
    'unrolled train translate pairs.tsv --source german --target english --minutes 30',
    'unrolled train translate train.de train.en --validation dev.de,dev.en --unit bpe --shared --batch-tokens 4000',
    'unrolled train translate words.csv --source-unit character --target-unit word --decoder general',
    'unrolled train translate --demo dates',
  ],
  counts: 'tokens',
  async prepare(values, paths) {
    const { demo, source, target, group, where, header, badRows, validation, valFrac, seed } = values;
    const read = { paths, demo, source, target, group, where, header, badRows, validation, valFrac, seed };
    const data = await readTranslations(read);
    return prepareTranslate(data, { ...read, ...data.columns }, values);
  },
  describeLoss: (loss) => t`${loss.toFixed(4)} nats per token`,
  next: (run, prepared) => [
    `translate ${run} ${quoted(prepared.data.example)}`,
    `translate ${run} ${quoted(prepared.data.example)} --n-best 3${attends(prepared.model.decoder) ? ' --attention terminal' : ''}`,
    `eval ${run}`,
  ],
  evaluates: ['file', 'text', 'where', 'badRows', ...beamKeys, 'bleuTokens', 'ignoreCase', 'references'],
  predicts: ['file', 'where', 'beams'],
  evaluate: evaluateTranslate,
  inspect: inspectTranslate,
  predict: predictTranslate,
};

function prepareTranslate(
  data: Parts<'source' | 'target' | 'group'>,
  read: PairSource,
  values: TranslateValues,
): Prepared<TranslateConfig, Seq2Seq> {
  const { batch, batchTokens, maxLength, teacherForcing, labelSmoothing, best } = values;
  const forcingSchedule = values.forcingSchedule as ForcingName;
  const tokenizers = trainTokenizers(data.train, values);
  const [train, validation] = [
    encodePairs(data.train, tokenizers, maxLength),
    encodePairs(data.validation, tokenizers, maxLength, 'validation pairs'),
  ];
  const settings = {
    batch,
    batchTokens,
    maxLength,
    teacherForcing,
    forcingSchedule,
    labelSmoothing,
    translate: values.translate,
    best,
  };
  const input: TranslationInput = { kind: 'translation', longestTrained: train.longest };
  // The quick search of validations while a model learns.
  const search = {
    maxLength: 2 * train.longest.target + 10,
    suppressTokens: [tokenizers.target.pad, tokenizers.target.unknown],
  };
  const measure = measureOf(tokenizers, validation, values);
  check(train, validation, values);
  const shown = validation.rows.length > 0 ? validation : train;
  const units = unitsOf(values);
  const runData: TranslateData = {
    source: data.source,
    sha256: data.sha256,
    rows: train.rows.length + validation.rows.length,
    read,
    longest: train.longest,
    example: typeable(shown.rows.map(({ cells }) => cells.source)),
  };
  const greedily = (model: Seq2Seq, rows: readonly number[]) =>
    translationOf(model, { tokenizers, input }).translate(
      rows.map((n) => shown.rows[n].cells.source),
      { beams: 1 },
    );
  const examples = async (model: Seq2Seq, rows: readonly number[]) => {
    const answers = await greedily(model, rows);
    return translated(
      rows.map((n, k) => ({
        source: shown.rows[n].cells.source,
        predicted: answers[k].text,
        target: shown.wanted[n],
      })),
    );
  };
  return {
    name: data.name,
    model: modelConfig(values, tokenizers),
    contract: { type: 'seq2seq', input },
    settings,
    data: runData,
    contents: { source: tokenizers.source.toJSON(), target: tokenizers.target.toJSON() },
    warnings: [
      ...data.warnings,
      ...train.warnings,
      ...validation.warnings,
      ...unknownWarning('the validation sources', validation.unknown.source),
      ...unknownWarning('the validation targets', validation.unknown.target),
    ],
    mostEpochs: 40,
    samples: 5,
    best,
    make(config) {
      const model = new Seq2Seq(config.model);
      const { steps, seed } = config.training;
      const task = translateTask(model, {
        train,
        validation: validation.rows.length > 0 ? validation : null,
        ...(batchTokens === null ? { batchSize: batch } : { tokens: batchTokens }),
        seed,
        // While the speed is measured the number of steps is not known yet: as slow as it will get.
        teacherForcing: forcingOf(
          steps === Number.MAX_SAFE_INTEGER ? 'constant' : forcingSchedule,
          teacherForcing,
          steps,
        ),
        labelSmoothing,
        translate: validation.rows.length > 0 ? values.translate : 0,
        search,
        measure,
        best,
      });
      return { model, task };
    },
    introduce(model, { training }) {
      const { cell, decoder, numLayers, hiddenSize, decoderSize, bidirectional } = model.config;
      const [V, W] = [tokenizers.source.size, tokenizers.target.size].map(grouped);
      const sizes = values.shared
        ? t`${units.source}s, ${V} for both sides`
        : `${units.source}s, ${V} → ${units.target}s, ${W}`;
      const directions = bidirectional ? t(' in both directions') : '';
      return [
        [t('pairs'), t`${grouped(train.rows.length)} to learn, ${grouped(validation.rows.length)} to validate`],
        [t('tokens'), t`${sizes}; at most ${train.longest.source} → ${train.longest.target} in a text`],
        [
          t('model'),
          t`${cell}, ${numLayers} × ${hiddenSize}${directions} → ${numLayers} × ${decoderSize} ${decoder}, ${grouped(model.parameterCount())} parameters${outputName(model.config)}`,
        ],
        [
          t('steps'),
          batchTokens === null
            ? t`${grouped(training.steps)} of ${batch} pairs`
            : t`${grouped(training.steps)} of ${grouped(batchTokens)} tokens`,
        ],
      ];
    },
    sample: (model, seed) => examples(model, sampledRows(3, shown.rows.length, seed)),
    async showcase(model) {
      const what = validation.rows.length > 0 ? t('pairs it has not seen') : t('pairs it has seen');
      const [best] = await greedily(model, [shortOf(shown)]);
      const map = attentionOf(best);
      return shownTogether({
        title: `${what}:`,
        space: '',
        translations: await examples(model, evenRows(8, shown.rows.length)),
        ...(map ? { attention: attended(map) } : {}),
      });
    },
  };
}

function modelConfig(values: TranslateValues, { source, target }: PairTokenizers): Seq2SeqConfig {
  const { hidden, layers, embedding, dropout, bidirectional, decoderHidden, attentionSize, inputFeeding, shared } =
    values;
  const decoder = values.decoder as DecoderKind;
  const luong = decoder === 'dot' || decoder === 'general' || decoder === 'concat';
  const decoderSize = decoderHidden ?? (decoder === 'dot' && bidirectional ? 2 * hidden : hidden);
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  return new Seq2Seq({
    sourceVocabulary: source.size,
    targetVocabulary: target.size,
    decoder,
    cell: values.cell as CellName,
    hiddenSize: hidden,
    decoderSize,
    numLayers: layers,
    bidirectional,
    embeddingDim: embedding ?? hidden,
    attentionSize: attentionSize ?? decoderSize,
    inputFeeding: luong && inputFeeding,
    reverseSource: values.reverseSource,
    shareEmbeddings: shared,
    tieWeights: values.tieWeights,
    dropout,
    start: target.start,
    end: target.end,
    ...recurrentDropoutOf(values),
    ...outputOf('train translate', values),
  }).config;
}

/** What can only go wrong later is refused now, while nothing is written. */
function check(train: EncodedPairs, validation: EncodedPairs, values: TranslateValues): void {
  const refuse = (option: string, problem: string): never => {
    throw new OptionError('train translate', option, problem);
  };
  const { batchTokens, maxLength, best, translate, shared } = values;
  if (train.rows.length === 0) refuse('--max-length', `no pair has ${maxLength} tokens or fewer on both sides`);
  const longest = Math.max(train.longest.source, train.longest.target + 1);
  if (batchTokens !== null && batchTokens < longest)
    refuse('--batch-tokens', `the longest pair has ${longest} tokens; allow so many, or lower --max-length`);
  const units = unitsOf(values);
  if (shared && units.source !== units.target)
    refuse('--shared', `one vocabulary has one kind of token, not ${units.source}s and ${units.target}s`);
  if (best === 'loss') return;
  if (validation.rows.length === 0 || translate === 0)
    refuse('--best', `${best} is measured on translations: keep pairs for validation, and --translate above 0`);
  if (best === 'bleu' && !hasFour(validation.rows.slice(0, translate)))
    refuse('--best', 'no validation target has four words, and BLEU counts runs of four; use exactMatch');
}

type Measure = NonNullable<Parameters<typeof translateTask>[1]['measure']>;

/** BLEU, where there is something to count: 0 for targets of fewer than four words says nothing. */
function measureOf(
  { target }: PairTokenizers,
  validation: EncodedPairs,
  { translate }: TranslateValues,
): Measure | null {
  const rows = validation.rows.slice(0, translate);
  if (!hasFour(rows)) return null;
  const wanted = validation.wanted.slice(0, translate);
  return (predicted) => ({
    bleu: bleuOf(
      predicted.map((ids) => target.decode(ids)),
      wanted.slice(0, predicted.length), // fewer where a part of the validation data is measured
      target,
    ),
  });
}

function hasFour(rows: readonly Pair[]): boolean {
  return rows.some(({ cells }) => bleu([cells.target], [cells.target]).score > 0);
}

/** A pair whose attention map fits a narrow screen; the first where none does. */
function shortOf({ sources, targets }: EncodedPairs): number {
  return Math.max(
    0,
    sources.findIndex(({ length }, n) => length >= 4 && length <= 27 && targets[n].length <= 20),
  );
}

/** On the pairs that it was trained on. Its encoder is what is stepped through; a decoder with attention runs as one piece. */
async function inspectTranslate(saved: SavedRun<TranslateConfig>): Promise<InspectSource> {
  const { model, tokenizers } = await saved.open(translation);
  const { data, training } = saved.config;
  const parts = await readTranslations(data.read);
  const { sources, targets } = encodePairs(parts.train, tokenizers, training.maxLength);
  const { batch, seed, labelSmoothing } = training;
  const { cell, hiddenSize, numLayers, decoder } = model.config;
  return insidesOf(saved, {
    model,
    what: t`${cell}, ${numLayers} × ${hiddenSize} units, ${decoder} decoder`,
    make: () => new Seq2Seq(model.config),
    task: (of) => translateTask(of, { train: { sources, targets }, batchSize: batch, seed, labelSmoothing }),
    lossUnit: t('nats per token'),
    reading: null,
  });
}
