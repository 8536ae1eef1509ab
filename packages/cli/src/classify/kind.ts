// Texts and their labels, learnt: what the run machinery needs to know of it.

import {
  type CellName,
  classifyTask,
  type Pooling,
  SequenceClassifier,
  type SequenceClassifierConfig,
  Tokenizer,
  type TokenUnit,
} from 'unrolled';
import type { Values } from '../command-line/options.ts';
import { type Prepared, type TaskKind } from '../runs/kind.ts';
import { asLines } from '../runs/shown.ts';
import { grouped } from '../terminal/index.ts';
import { cutWarning, typeable } from '../examples/say.ts';
import { quoted } from '../command-line/shell.ts';
import type { ClassifyConfig, ClassifySettings } from './config.ts';
import { encodeAndCount, type Labeled, type LabeledData, type LabeledSource, readLabeled } from './data.ts';
import { evaluateClassify } from './evaluate.ts';
import { inspectClassify } from './inspect.ts';
import { classifyOptions } from './options.ts';
import { answers, predictClassify, predictionRows } from './predict.ts';

type ClassifyValues = Values<typeof classifyOptions>;

export const classify: TaskKind<ClassifyConfig, typeof classifyOptions, SequenceClassifier> = {
  name: 'classify',
  summary: 'learn to label texts: a sentiment, a language, a topic',
  args: [['[files...]', 'CSV, TSV, JSON lines or Parquet, or a folder with a folder of texts for every label']],
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
    `predict ${run} ${quoted(prepared.data.example)}`,
    `eval ${run}`,
    `predict ${run} --file new.csv --json`,
  ],
  evaluates: ['file', 'text', 'where', 'badRows'],
  predicts: ['file', 'where', 'top'],
  evaluate: evaluateClassify,
  inspect: inspectClassify,
  predict: predictClassify,
};

function prepareClassify(
  data: LabeledData,
  read: LabeledSource,
  values: ClassifyValues,
): Prepared<ClassifyConfig, SequenceClassifier> {
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
      const model = new SequenceClassifier(config.model);
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
    sample: async (model, seed) => {
      const rows = [0, 1, 2].map((k) => shown[(seed * 7919 + k * 104_729) % shown.length]);
      return asLines(predictionRows(answers(model, tokenizer, labels, texts(rows), maxLength), rows));
    },
    showcase: async (model) => {
      const rows = Array.from(
        { length: Math.min(8, shown.length) },
        (_, k) => shown[Math.floor((k * shown.length) / 8)],
      );
      const what = data.validation.length > 0 ? 'texts it has not seen' : 'texts it has seen';
      return asLines([
        `${what}:`,
        '',
        ...predictionRows(answers(model, tokenizer, labels, texts(rows), maxLength), rows),
      ]);
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
