// Number sequences with a label each, or with one for every step: trained, measured, asked and looked into. `unrolled train classify` and `train tag` train them
// where their data are numbers (detect.ts); their runs are of tasks of their own.

import { type CellName, classifyTask, type Pooling, SequenceClassifier, SequenceTagger, tagTask } from 'unrolled';
import { FeatureScaler } from 'unrolled/data';
import { type TimeSeriesClassificationInput, timeSeriesClassificationOf } from 'unrolled/pipelines';
import type { OptionTable, Values } from '../command-line/options.ts';
import { balancedWeights } from '../examples/balanced.ts';
import { evenRows, sampledRows } from '../examples/encode.ts';
import { type dataOptions, modelOptions, type smoothingOptions } from '../examples/options.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import type { trainingOptions } from '../runs/options.ts';
import { recurrentDropoutOf, type recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';
import { shownTogether } from '../runs/shown.ts';
import { grouped } from '../terminal/index.ts';
import type { SeriesConfig, SeriesSettings } from './config.ts';
import { type NumberParts, readParts } from './data.ts';
import { type EncodedNumbers, encodeNumbers } from './encode.ts';
import { evaluateSeries } from './evaluate.ts';
import { inspectSeries } from './inspect.ts';
import { type numberOptions, textOnly, usualSteps } from './options.ts';
import { predictSeries } from './predict.ts';
import { numberSequence, type NumberSource, type Per, stepsOf } from './source.ts';
import { answeredSequences, taggedNumbers } from './view.ts';
import { t } from '../language/index.ts';

type SeriesModel = SequenceClassifier | SequenceTagger;
export type SeriesKind<T extends OptionTable> = TaskKind<SeriesConfig, T, SeriesModel>;

type Shared = Omit<typeof dataOptions, 'maxLength'> & typeof numberOptions & typeof modelOptions & typeof recurrentDropoutOptions & typeof smoothingOptions; // biome-ignore format: a type

/** What the values of both commands have in common, and what only one has. */
interface SeriesValues extends Values<Shared>, Pick<Values<typeof trainingOptions>, 'batch' | 'seed'> {
  readonly demo: string | null;
  readonly maxLength: number | null;
  readonly balanced: boolean;
  readonly label?: string | null;
  readonly pooling?: string;
  readonly tags?: string | null;
  readonly best?: string;
}

/** The kind of a command's runs on numbers, by the table of its options. */
export function seriesKind<T extends OptionTable>(per: Per, name: string, options: T): SeriesKind<T> {
  return {
    name,
    called: per === 'sequence' ? 'train classify on numbers' : 'train tag on numbers',
    summary: per === 'sequence' ? 'train a classifier of number sequences' : 'train a tagger of number sequences',
    args: [],
    options,
    examples: [],
    counts: per === 'sequence' ? 'examples' : 'labels',
    foreign: textOnly,
    async prepare(settled, paths) {
      const values = settled as unknown as SeriesValues; // of either table
      const read = sourceOf(values, paths);
      const data = await readParts(read, per);
      return prepareSeries(data, { ...read, ...namesIn(data, read) }, values, per);
    },
    describeLoss: (loss) => loss.toFixed(4),
    next: (run) => [`eval ${run}`, `predict ${run} --file new.csv`],
    evaluates: ['file', 'where', 'badRows'],
    predicts: per === 'sequence' ? ['file', 'where', 'topK'] : ['file', 'where'],
    evaluate: (saved, values) => evaluateSeries(saved, values, per),
    inspect: (saved, values) => inspectSeries(saved, values, per),
    predict: (saved, values, inputs, warn) => predictSeries(saved, values, inputs, { per, warn }),
  };
}

function sourceOf(values: SeriesValues, paths: readonly string[]): NumberSource {
  const { demo, features, series, time, decimal, missing, group, where, header, badRows, validation } = values;
  const { valFrac, seed, label = null, tags = null } = values;
  const split = { validation, valFrac, seed };
  return { paths, demo, label: label ?? tags, features, series, time, decimal, missing, group, where, header, badRows, ...split }; // biome-ignore format: a list
}

/** The columns that were found, so that the run reads its data again as it did. An array's name, or a file's, is found again by itself. */
function namesIn({ columns }: NumberParts, read: NumberSource): Pick<NumberSource, 'label' | 'series' | 'time'> {
  const { label, series, time } = columns;
  return { label: read.label ?? label, series: read.series ?? series, time: read.time ?? time };
}

function prepareSeries(
  data: NumberParts,
  read: NumberSource,
  values: SeriesValues,
  per: Per,
): Prepared<SeriesConfig, SeriesModel> {
  const { batch, labelSmoothing, balanced, differences, standardize } = values;
  const maxLength = values.maxLength ?? usualSteps;
  const { labels, source, sha256 } = data;
  const F = data.features.length;
  const cut = data.train.map((one) => one.values.subarray(0, maxLength * F));
  const features = FeatureScaler.fit(cut, data.features, { differences, standardize });
  const [train, validation] = [data.train, data.validation].map((part) =>
    encodeNumbers(part, features, labels, maxLength),
  );
  const held = data.validation.length > 0;
  const shown = held ? data.validation : data.train;
  const lengths = [...data.train, ...data.validation].map((one) => stepsOf(one, F));
  const longest = Math.min(maxLength, Math.max(...data.train.map((one) => stepsOf(one, F))));
  const input: TimeSeriesClassificationInput = { kind: 'time-series-classification', per, maxSteps: maxLength, longestTrained: longest }; // biome-ignore format: a line
  const settings: SeriesSettings = { batch, maxLength, labelSmoothing, balanced };
  const answered = async (model: SeriesModel, numbers: readonly number[]) => {
    const some = numbers.map((n) => shown[n]);
    const pipeline = timeSeriesClassificationOf(model, { features, labels, input });
    const sequences = some.map((one) => numberSequence(one.values, F));
    if (pipeline.per === 'step') return taggedNumbers(some, await pipeline.predict(sequences, { topK: 1 }));
    return answeredSequences(some, await pipeline.predict(sequences, { topK: 1 }), F);
  };
  const best = per === 'step' ? (values.best ?? 'accuracy') : 'accuracy';
  return {
    name: data.name,
    model: modelConfig(values, features.inputSize, labels.length, per),
    contract: { type: per === 'sequence' ? 'sequence-classifier' : 'sequence-tagger', input },
    settings,
    data: { source, sha256, rows: data.train.length + data.validation.length, read, longest },
    contents: { features: features.toJSON(), labels },
    warnings: [...data.warnings, ...train.warnings, ...validation.warnings.map((text) => t`validation: ${text}`)],
    mostEpochs: 60,
    samples: 4,
    best: held ? best : 'loss',
    make(config) {
      const parts = { train, validation: held ? validation : null, classes: labels.length };
      return makeTask(config, parts, { ...settings, seed: config.training.seed, best: best as 'accuracy' }, per);
    },
    introduce(model, { training }) {
      const { cell, numLayers, hiddenSize, bidirectional } = model.config;
      const directions = bidirectional ? t(', both directions') : '';
      const pooled = model instanceof SequenceClassifier ? t`, ${model.config.pooling} pooling` : '';
      const parameters = grouped(model.parameterCount());
      return [
        [t('sequences'), t`${grouped(data.train.length)} to learn, ${grouped(data.validation.length)} to validate, ${rangeOf(lengths)} steps`], // biome-ignore format: a line
        [t('features'), `${listOf(data.features)}${differences ? t(', and their differences') : ''}${standardize ? t(', standardized') : ''}`], // biome-ignore format: a line
        [t('labels'), `${listOf(labels)}${per === 'step' ? t(', one a step') : ''}`],
        [t('model'), t`${cell}, ${numLayers} × ${hiddenSize} units${directions}${pooled}, ${parameters} parameters`],
        [t('steps'), t`${grouped(training.steps)} of ${batch} sequences`],
      ];
    },
    sample: (model, seed) => answered(model, sampledRows(per === 'step' ? 1 : 3, shown.length, seed)),
    async showcase(model) {
      const answers = await answered(model, evenRows(per === 'step' ? 2 : 8, shown.length));
      return shownTogether({
        title: held ? t('sequences it has not seen:') : t('sequences it has seen:'),
        space: '',
        answers,
      });
    },
  };
}

const mostNamed = 8;
const listOf = (names: readonly string[]) =>
  names.length > mostNamed ? `${names.length}: ${names.slice(0, mostNamed).join(', ')}, …` : names.join(', ');

function rangeOf(lengths: readonly number[]): string {
  const [fewest, most] = lengths.reduce(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [Infinity, 0]);
  return fewest === most ? grouped(most) : t`${grouped(fewest)} to ${grouped(most)}`;
}

interface EncodedParts {
  readonly train: EncodedNumbers;
  readonly validation: EncodedNumbers | null;
  readonly classes: number;
}

function makeTask(
  config: Pick<SeriesConfig, 'model'>,
  { train, validation, classes }: EncodedParts,
  settings: SeriesSettings & { readonly seed: number; readonly best: 'accuracy' },
  per: Per,
) {
  const { batch: batchSize, labelSmoothing, balanced, seed, best } = settings;
  const options = { batchSize, labelSmoothing, seed };
  if (per === 'sequence') {
    const model = new SequenceClassifier(config.model as SequenceClassifier['config']);
    const labeled = ({ sequences, classes: labels }: EncodedNumbers) => ({ sequences, labels });
    const classWeights = balanced ? 'balanced' : null;
    const held = validation && labeled(validation);
    return { model, task: classifyTask(model, { train: labeled(train), validation: held, classWeights, ...options }) };
  }
  const model = new SequenceTagger(config.model as SequenceTagger['config']);
  const labeled = ({ sequences, stepClasses: labels }: EncodedNumbers) => ({ sequences, labels });
  const classWeights = balanced ? balancedWeights(train.stepClasses, classes) : null;
  const held = validation && labeled(validation);
  return { model, task: tagTask(model, { train: labeled(train), validation: held, classWeights, best, ...options }) };
}

function modelConfig(values: SeriesValues, inputSize: number, classes: number, per: Per): SeriesConfig['model'] {
  const { hidden, layers, bidirectional, cell } = values;
  const dropout = values.dropout ?? modelOptions.dropout.default;
  const shared = { inputSize, classes, cell: cell as CellName, hiddenSize: hidden, numLayers: layers, dropout, bidirectional, ...recurrentDropoutOf(values) }; // biome-ignore format: a list
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  if (per === 'step') return new SequenceTagger(shared).config;
  return new SequenceClassifier({ ...shared, pooling: values.pooling as Pooling }).config;
}
