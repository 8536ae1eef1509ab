// Texts and their labels: trained, measured, asked and looked into.

import { type CellName, classifyTask, type Pooling, SequenceClassifier, type SequenceClassifierConfig } from 'unrolled';
import { Tokenizer, type TokenUnit, usualUnit } from 'unrolled/data';
import { textClassification, type TextClassificationInput, textClassificationOf } from 'unrolled/pipelines';
import { quoted } from '../shell.ts';
import type { Values } from '../command-line/options.ts';
import { encodeAndCount, evenRows, sampledRows } from '../examples/encode.ts';
import { insidesOf, sourceToInspect } from '../examples/inspect.ts';
import { rounded, scoreBars } from '../examples/label-table.ts';
import { InputNotices } from '../examples/notices.ts';
import { usualTokens } from '../examples/options.ts';
import { cutWarning, typeable } from '../examples/say.ts';
import { answerAll, textsOf } from '../examples/text-input.ts';
import { pretrainedOf } from '../examples/vectors.ts';
import { readSequences } from '../inspect/read-sequences.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import { baselineRow, majorityBaseline } from '../runs/baseline.ts';
import type { Prediction, Prepared, PredictValues, SavedRun, TaskKind } from '../runs/kind.ts';
import { requireOwnModel } from '../runs/own-model.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { shownTogether } from '../runs/shown.ts';
import { areNumbers } from '../series/detect.ts';
import { seriesKind } from '../series/kind.ts';
import { numberOptions } from '../series/options.ts';
import { grouped } from '../terminal/index.ts';
import type { ClassifyConfig, ClassifySettings } from './config.ts';
import { type Labeled, type LabeledData, type LabeledSource, readLabeled, textNames } from './data.ts';
import { evaluateClassify } from './evaluate.ts';
import { labelsOfRow, shownLabels } from './labels.ts';
import { classifyOptions } from './options.ts';
import { answeredTexts, oneLine } from './view.ts';
import { t } from '../language/index.ts';

type ClassifyValues = Values<typeof classifyOptions>;

/** Labels of whole number sequences: the same command, where its data are numbers. */
export const classifySeries = seriesKind('sequence', 'classify-series', classifyOptions);

export const classify: TaskKind<ClassifyConfig, typeof classifyOptions, SequenceClassifier> = {
  name: 'classify',
  summary: 'train a classifier of texts (sentiment, topic) or of number sequences (sensors, gestures)',
  args: [
    [
      '[files...]',
      'CSV, TSV, JSON lines or Parquet, or a folder with one subfolder of texts per label; of numbers also .npy, .npz, and folders of tables',
    ],
  ],
  options: classifyOptions,
  examples: [
    'unrolled train classify reviews.csv --text review --label stars --where "stars <> 3"',
    'unrolled train classify names.tsv --unit character --minutes 2',
    'unrolled train classify questions.csv --label tags --multi-label --vectors glove.6B.100d.txt',
    'unrolled train classify train.parquet --validation dev.parquet --cell lstm --layers 2',
    'unrolled train classify sensors.csv --group recording_id',
    'unrolled train classify gestures.npz --differences',
    'unrolled train classify --demo sentiment',
  ],
  counts: 'examples',
  foreign: Object.keys(numberOptions),
  specialize: async (values, given, paths) => ((await areNumbers(values, given, paths)) ? classifySeries : null),
  async prepare(values, paths) {
    const { demo, text, label, multiLabel, group, where, header, badRows, validation, valFrac, seed } = values;
    const many = multiLabel ? { multiLabel } : {}; // runs of before this option are resumed by the same command
    const read = { paths, demo, text, label, ...many, group, where, header, badRows, validation, valFrac, seed };
    const data = await readLabeled(read);
    return prepareClassify(data, { ...read, ...data.columns }, values);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => [
    `predict ${run} ${quoted(prepared.data.example)}`,
    `eval ${run}`,
    `predict ${run} --file new.csv --json`,
  ],
  evaluates: ['file', 'text', 'where', 'badRows', 'atK'],
  predicts: ['file', 'where', 'topK'],
  evaluate: evaluateClassify,
  inspect: inspectClassify,
  predict: predictClassify,
};

async function prepareClassify(
  data: LabeledData,
  read: LabeledSource,
  values: ClassifyValues,
): Promise<Prepared<ClassifyConfig, SequenceClassifier>> {
  const { vocabulary, minCount, lowercase, batch, labelSmoothing, balanced, multiLabel } = values;
  const maxLength = values.maxLength ?? usualTokens;
  const texts = (rows: readonly Labeled[]) => rows.map(({ cells }) => cells.text);
  const unit = values.unit ?? usualUnit(texts(data.train));
  const tokenizer = Tokenizer.train(texts(data.train), {
    unit: unit as TokenUnit,
    ...(vocabulary === null ? {} : { size: vocabulary }),
    ...(minCount > 1 ? { minCount } : {}),
    lowercase,
  });
  const number = new Map(data.labels.map((label, n) => [label, n]));
  const encode = (rows: readonly Labeled[]) => ({
    ...encodeAndCount(texts(rows), tokenizer, maxLength),
    labels: rows.map(({ cells }) => labelsOfRow(cells.label, multiLabel).map((one) => number.get(one) as number)),
  });
  const [train, validation] = [encode(data.train), encode(data.validation)];
  const vectors = await pretrainedOf('classify', values.vectors, wordsOf(tokenizer), values.embedding);
  const settings: ClassifySettings = {
    batch,
    maxLength,
    labelSmoothing,
    balanced,
    ...(vectors ? { vectors: vectors.sha256 } : {}),
  };
  const { name, source, sha256, labels, warnings } = data;
  const longest = train.sequences.reduce((most, { length }) => Math.max(most, length), 0);
  const input: TextClassificationInput = {
    kind: 'text-classification',
    maxTokens: maxLength,
    longestTrained: longest,
    ...(multiLabel ? { multiLabel } : {}),
  };
  const shown = data.validation.length > 0 ? data.validation : data.train;
  const runData = {
    source,
    sha256,
    rows: data.train.length + data.validation.length,
    read,
    longest,
    example: typeable(texts(shown)),
  };
  const [trained, held] = [data.train, data.validation].map((rows) => rows.map(({ cells }) => cells.label));
  const baseline = multiLabel ? null : majorityBaseline(trained, held, 'are --text and --label the right columns, and --unit what tells the texts apart?'); // biome-ignore format: one line
  const answered = async (model: SequenceClassifier, numbers: readonly number[]) => {
    const rows = numbers.map((n) => shown[n]);
    const pipeline = textClassificationOf(model, { tokenizer, labels, input });
    return answeredTexts(rows, await pipeline.predict(texts(rows), { topK: 1 }), multiLabel);
  };
  return {
    name,
    model: modelConfig(
      { ...values, unit, embedding: vectors?.size ?? values.embedding },
      tokenizer.size,
      labels.length,
    ),
    contract: { type: 'sequence-classifier', input },
    settings,
    data: runData,
    contents: { tokenizer: tokenizer.toJSON(), labels },
    warnings: [...warnings, ...cutWarning('texts', train.cut + validation.cut, runData.rows, maxLength)],
    mostEpochs: 40,
    samples: 4,
    best: data.validation.length === 0 ? 'loss' : multiLabel ? 'microF1' : 'accuracy',
    baseline,
    make(config) {
      const model = new SequenceClassifier(config.model);
      if (vectors && model.embedding) vectors.fill(model.embedding.weight);
      const held = validation.sequences.length > 0 ? validation : null;
      const { seed } = config.training;
      return { model, task: taskOf(model, { train, validation: held }, { ...settings, seed, multiLabel }) };
    },
    introduce(model, { training }) {
      const { cell, numLayers, hiddenSize, bidirectional, pooling } = model.config;
      const directions = bidirectional ? t(', both directions') : '';
      return [
        [t('texts'), t`${grouped(data.train.length)} to learn, ${grouped(data.validation.length)} to validate`],
        [t('labels'), `${labelList(labels)}${multiLabel ? t('; any number a text') : ''}`],
        ...baselineRow(baseline),
        [t('tokens'), t`${unit}s, ${grouped(tokenizer.size)} different`],
        ...(vectors ? [[t('vectors'), vectors.about] as const] : []),
        [
          t('model'),
          t`${cell}, ${numLayers} × ${hiddenSize} units${directions}, ${pooling} pooling, ${grouped(model.parameterCount())} parameters`,
        ],
        [t('steps'), t`${grouped(training.steps)} of ${batch} texts`],
      ];
    },
    sample: (model, seed) => answered(model, sampledRows(3, shown.length, seed)),
    async showcase(model) {
      const what = data.validation.length > 0 ? t('texts it has not seen') : t('texts it has seen');
      return shownTogether({ title: `${what}:`, space: '', answers: await answered(model, evenRows(8, shown.length)) });
    },
  };
}

interface Encoded {
  readonly sequences: readonly Int32Array[];
  /** The classes of each text. */
  readonly labels: readonly (readonly number[])[];
}

/** Training with one label a text, or with any number. */
function taskOf(
  model: SequenceClassifier,
  { train, validation }: { readonly train: Encoded; readonly validation: Encoded | null },
  {
    batch: batchSize,
    seed,
    labelSmoothing,
    balanced,
    multiLabel,
  }: Pick<ClassifySettings, 'batch' | 'labelSmoothing' | 'balanced'> & {
    readonly seed: number;
    readonly multiLabel: boolean;
  },
) {
  const common = { batchSize, seed, labelSmoothing };
  if (multiLabel) return classifyTask(model, { multiLabel, train, validation, ...common });
  const single = ({ sequences, labels }: Encoded) => ({ sequences, labels: labels.map(([label]) => label) });
  return classifyTask(model, {
    train: single(train),
    validation: validation && single(validation),
    ...common,
    classWeights: balanced ? 'balanced' : null,
  });
}

/** The words of an embedding's rows, as word vectors have them: without the joiners of a tokenizer of words. */
function wordsOf(tokenizer: Tokenizer): (string | null)[] {
  const special = [tokenizer.pad, tokenizer.unknown, tokenizer.start, tokenizer.end];
  return Array.from({ length: tokenizer.size }, (_, id) =>
    special.includes(id) ? null : tokenizer.detokenize([tokenizer.token(id)]),
  );
}

function modelConfig(values: ClassifyValues, vocabularySize: number, classes: number): SequenceClassifierConfig {
  const { unit, hidden, layers, embedding, dropout, wordDropout, bidirectional } = values;
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  return new SequenceClassifier({
    vocabularySize,
    classes,
    cell: values.cell as CellName,
    hiddenSize: hidden,
    numLayers: layers,
    embeddingDim: embedding ?? hidden,
    dropout: dropout ?? 0.5,
    stepDropout: wordDropout ?? (unit === 'word' || unit === 'bpe' ? 0.1 : 0),
    ...recurrentDropoutOf(values),
    bidirectional,
    pooling: values.pooling as Pooling,
  }).config;
}

function labelList(labels: readonly string[]): string {
  const some = labels.slice(0, 6).join(', ');
  return labels.length > 6 ? `${labels.length}: ${some}, …` : some;
}

const together = 4096; // texts: of many, those of similar length make a batch

async function* predictClassify(
  saved: SavedRun<ClassifyConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(textClassification);
  const { maxTokens: most, longestTrained: longest } = pipeline.input;
  const { read } = saved.config.data;
  const texts = await textsOf(inputs, values, { column: read.text, guesses: textNames, header: read.header });
  const notices = new InputNotices(warn);
  yield* answerAll(texts, together, notices, async (some) => {
    const answers = await pipeline.predict(
      some.map(({ text }) => text),
      { topK: values.topK },
    );
    return answers.map(({ scores, labels, notes }, k) => {
      const { row, text } = some[k];
      const probabilities = scores.map(rounded);
      const [{ label, score: probability }] = probabilities;
      const result = {
        ...(values.file === null ? {} : { row }),
        text,
        ...(labels ? { labels } : { label, probability }),
        probabilities,
        ...notices.add(row, notes, { longest, most }),
      };
      const line = labels
        ? `${shownLabels(labels)}\t${oneLine(text)}`
        : `${label}\t${probability.toFixed(3)}\t${oneLine(text)}`;
      return { result, lines: ({ style }) => (texts.length === 1 ? scoreBars(probabilities, style) : [line]) };
    });
  });
}

/** Its units over texts that it was not trained on. */
async function inspectClassify(
  saved: SavedRun<ClassifyConfig>,
  { text, length }: InspectValues,
): Promise<InspectSource> {
  const { model: opened, tokenizer, labels, input } = await saved.open(textClassification);
  const model = requireOwnModel(saved.path, opened, 'inspect');
  const { batch, labelSmoothing, balanced, seed } = saved.config.training;
  const { multiLabel = false } = saved.config.data.read;
  const data = await readLabeled(sourceToInspect(saved.config.data, text));
  const encode = (rows: readonly Labeled[]) =>
    encodeAndCount(
      rows.map(({ cells }) => cells.text),
      tokenizer,
      input.maxTokens,
    ).sequences;
  const train = {
    sequences: encode(data.train),
    labels: data.train.map(({ cells }) =>
      labelsOfRow(cells.label, multiLabel).map((label) => Math.max(0, labels.indexOf(label))),
    ),
  };
  const held = data.validation.length > 0;
  const texts = encode((held ? data.validation : data.train).slice(0, length));
  const { cell, numLayers, hiddenSize, bidirectional } = model.config;
  return insidesOf(saved, {
    model,
    what: t`${cell}, ${numLayers} × ${hiddenSize} units${bidirectional ? t(', both directions') : ''}`,
    make: () => new SequenceClassifier(model.config),
    task: (of) => taskOf(of, { train, validation: null }, { batch, seed, labelSmoothing, balanced, multiLabel }),
    lossUnit: t('nats per text'),
    reading: readSequences(model, texts, (n) => Array.from(texts[n], (id) => tokenizer.token(id)), {
      length,
      source: `${data.source}${held ? t(', which it was not trained on') : ''}`,
      between: tokenizer.toJSON().unit === 'word' ? ' ' : '',
    }),
  });
}
