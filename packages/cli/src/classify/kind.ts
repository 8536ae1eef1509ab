// Texts and their labels, learnt: what the run machinery needs to know of it.

import { type CellName, classifyTask, type Pooling, SequenceClassifier, type SequenceClassifierConfig } from 'unrolled';
import { Tokenizer, type TokenUnit } from 'unrolled/data';
import type { Values } from '../command-line/options.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import { type Prepared, type TaskKind } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';
import { cutWarning, typeable } from '../examples/say.ts';
import { quoted } from '../command-line/shell.ts';
import { encodeAndCount, type Labeled, type LabeledData, type LabeledSource, readLabeled } from './data.ts';
import { evaluateClassify } from './evaluate.ts';
import { inspectClassify } from './inspect.ts';
import { classifyOptions } from './options.ts';
import { answers, predictClassify, predictionRows } from './predict.ts';

type ClassifyValues = Values<typeof classifyOptions>;

export interface ClassifySettings {
  readonly batch: number;
  readonly maxLength: number;
  readonly labelSmoothing: number;
  readonly balanced: boolean;
}

export type ClassifyConfig = RunConfig<
  SequenceClassifierConfig,
  ClassifySettings,
  RunData & {
    readonly rows: number;
    readonly read: LabeledSource;
    /** Tokens of the longest that was learnt. */
    readonly longest: number;
  }
>;

export const classify: TaskKind<typeof classifyOptions, SequenceClassifier> = {
  name: 'classify',
  summary: 'train a text classifier: sentiment, language, topic',
  args: [['[files...]', 'CSV, TSV, JSON lines or Parquet, or a folder with one subfolder of texts per label']],
  options: classifyOptions,
  examples: [
    'unrolled train classify reviews.csv --text review --label stars --where "stars <> 3"',
    'unrolled train classify names.tsv --unit character --minutes 2',
    'unrolled train classify train.parquet --validation dev.parquet --cell lstm --layers 2',
    'unrolled train classify --demo sentiment',
  ],
  counts: 'examples',
  async prepare(values, paths) {
    const { demo, text, label, group, where, header, badRows, validation, valFrac, seed } = values;
    const read = { paths, demo, text, label, group, where, header, badRows, validation, valFrac, seed };
    const data = await readLabeled(read);
    return prepareClassify(data, { ...read, ...data.columns }, values);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => [
    `predict ${run} ${quoted((prepared.data as unknown as { readonly example: string }).example)}`,
    `eval ${run}`,
    `predict ${run} --file new.csv --json`,
  ],
  evaluates: ['file', 'text', 'where', 'badRows'],
  predicts: ['file', 'where', 'topK'],
  evaluate: evaluateClassify,
  inspect: inspectClassify,
  predict: predictClassify,
};

function prepareClassify(data: LabeledData, read: LabeledSource, values: ClassifyValues): Prepared<SequenceClassifier> {
  const { unit, vocabulary, minCount, lowercase, maxLength, batch, labelSmoothing, balanced } = values;
  const texts = (rows: readonly Labeled[]) => rows.map(({ cells }) => cells.text);
  const tokenizer = Tokenizer.train(texts(data.train), {
    unit: unit as TokenUnit,
    ...(vocabulary === null ? {} : { size: vocabulary }),
    ...(minCount > 1 ? { minCount } : {}),
    lowercase,
  });
  const number = new Map(data.labels.map((label, n) => [label, n]));
  const encode = (rows: readonly Labeled[]) => ({
    ...encodeAndCount(texts(rows), tokenizer, maxLength),
    labels: rows.map(({ cells }) => number.get(cells.label) as number),
  });
  const [train, validation] = [encode(data.train), encode(data.validation)];
  const settings: ClassifySettings = { batch, maxLength, labelSmoothing, balanced };
  const { name, source, sha256, labels, warnings } = data;
  const shown = data.validation.length > 0 ? data.validation : data.train;
  const runData = {
    source,
    sha256,
    rows: data.train.length + data.validation.length,
    read,
    longest: train.sequences.reduce((most, { length }) => Math.max(most, length), 0),
    example: typeable(texts(shown)),
  };
  return {
    name,
    model: modelConfig(values, tokenizer.size, labels.length),
    settings,
    data: runData,
    contents: { tokenizer: tokenizer.toJSON(), labels },
    warnings: [...warnings, ...cutWarning('texts', train.cut + validation.cut, runData.rows, maxLength)],
    mostEpochs: 40,
    samples: 4,
    best: data.validation.length > 0 ? 'accuracy' : 'loss',
    make(config) {
      const model = new SequenceClassifier(config.model as SequenceClassifierConfig);
      const task = classifyTask(model, {
        train,
        validation: validation.sequences.length > 0 ? validation : null,
        batchSize: batch,
        seed: config.training.seed,
        labelSmoothing,
        classWeights: balanced ? 'balanced' : null,
      });
      return { model, task };
    },
    introduce(model, { training }) {
      const { cell, numLayers, hiddenSize, bidirectional, pooling } = model.config;
      const directions = bidirectional ? ', both directions' : '';
      return [
        ['texts', `${grouped(data.train.length)} to learn, ${grouped(data.validation.length)} to validate`],
        ['labels', labelList(labels)],
        ['tokens', `${unit}s, ${grouped(tokenizer.size)} different`],
        [
          'model',
          `${cell}, ${numLayers} × ${hiddenSize} units${directions}, ${pooling} pooling, ${grouped(model.parameterCount())} parameters`,
        ],
        ['steps', `${grouped(training.steps)} of ${batch} texts`],
      ];
    },
    sample: (model, seed) => {
      const rows = [0, 1, 2].map((k) => shown[(seed * 7919 + k * 104_729) % shown.length]);
      return predictionRows(answers(model, tokenizer, labels, texts(rows), maxLength), rows);
    },
    showcase: (model) => {
      const rows = Array.from(
        { length: Math.min(8, shown.length) },
        (_, k) => shown[Math.floor((k * shown.length) / 8)],
      );
      const what = data.validation.length > 0 ? 'texts it has not seen' : 'texts it has seen';
      return [`${what}:`, '', ...predictionRows(answers(model, tokenizer, labels, texts(rows), maxLength), rows)];
    },
  };
}

function modelConfig(values: ClassifyValues, vocabularySize: number, classes: number): SequenceClassifierConfig {
  const { hidden, layers, embedding, dropout, bidirectional } = values;
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  return new SequenceClassifier({
    vocabularySize,
    classes,
    cell: values.cell as CellName,
    hiddenSize: hidden,
    numLayers: layers,
    embeddingDim: embedding ?? hidden,
    dropout,
    bidirectional,
    pooling: values.pooling as Pooling,
  }).config;
}

function labelList(labels: readonly string[]): string {
  const some = labels.slice(0, 6).join(', ');
  return labels.length > 6 ? `${labels.length}: ${some}, …` : some;
}
