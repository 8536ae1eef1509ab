// Answering questions about images, as the machinery of runs sees it.

import {
  type CellName,
  type ConvNetOptions,
  VisualQA,
  type VisualQAConfig,
  type VisualQAForm,
  vqaTask,
} from 'unrolled';
import {
  frequentAnswers,
  type Images,
  questionOnlyAnswers,
  questionOnlyBaseline,
  Tokenizer,
  type TokenUnit,
} from 'unrolled/data';
import { type VisualQuestionAnsweringInput, visualQuestionAnsweringOf } from 'unrolled/pipelines';
import type { Values } from '../command-line/options.ts';
import { wayFrom } from '../files/index.ts';
import { quoted, shellPath } from '../shell.ts';
import { spread } from '../examples/spread.ts';
import { augmentOf, changesIn, symmetriesOf } from '../images/augmentation.ts';
import { imageContract } from '../images/contract.ts';
import { encoderFor, encoderRow, isComputedOnce, withEncoderRate } from '../images/encoding.ts';
import { encodedImages, type PixelSource } from '../images/features.ts';
import { convNetOf, describeConvNet } from '../images/options.ts';
import { type Pretrained, readPretrained } from '../images/pretrained.ts';
import { type Baseline, baselineRow } from '../runs/baseline.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { grouped } from '../terminal/index.ts';
import { answerPage, answerQuestions, imageOf, showAnswers } from './answers.ts';
import type { VqaConfig, VqaSettings } from './config.ts';
import {
  encodeQuestions,
  type Question,
  questionData,
  type QuestionData,
  type QuestionSource,
  viewsOf,
} from './data.ts';
import { evaluateVqa } from './evaluate.ts';
import { vqaOptions } from './options.ts';
import { predictVqa } from './predict.ts';
import { t } from '../language/index.ts';

type VqaValues = Values<typeof vqaOptions>;

export const vqa: TaskKind<VqaConfig, typeof vqaOptions, VisualQA> = {
  name: 'vqa',
  summary: 'train a visual question answering model',
  args: [['[questions...]', 'CSV, TSV, JSON lines or Parquet with the columns image, question and answer']],
  options: vqaOptions,
  examples: [
    'unrolled train vqa questions.csv --images photos',
    'unrolled train vqa questions.jsonl --images photos --form recurrent --minutes 5',
    'unrolled train vqa questions.csv --images photos --form map --kernel 2 --word-dropout 0.1',
    'unrolled train vqa questions.csv --images photos --encoder mobilenet.onnx',
    'unrolled train vqa questions.csv --images photos --form question-only --out runs/question-only',
    'unrolled train vqa --demo scenes',
  ],
  counts: 'questions',
  async prepare(values, paths, say) {
    const { demo, images, background, fit, image, question, answer, type, where, header, badRows } = values;
    const { validation, valFrac, seed } = values;
    const columns = { image, question, answer, type };
    const pretrained = await readPretrained('train vqa', values, values.size);
    const size = pretrained?.encoder.config.inputSize[0] ?? values.size ?? 64;
    const read = {
      paths,
      demo,
      images,
      size,
      background,
      fit,
      columns,
      where,
      header,
      badRows,
      validation,
      valFrac,
      seed,
    };
    return prepareVqa(await questionData(read, say), read, values, pretrained, say);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => {
    const { image, question } = prepared.data.example;
    return [
      ...(image ? [`ask ${run} ${shellPath(wayFrom('.', image) ?? image)} ${quoted(question)}`] : []),
      `eval ${run}`,
    ];
  },
  evaluates: ['file', 'text', 'where', 'badRows', 'images'],
  predicts: ['file', 'where', 'images', 'badRows', 'topK', 'draw'],
  evaluate: evaluateVqa,
  predict: predictVqa,
};

async function prepareVqa(
  data: QuestionData,
  read: QuestionSource,
  values: VqaValues,
  pretrained: Pretrained | null,
  say: (text: string) => void,
): Promise<Prepared<VqaConfig, VisualQA>> {
  const { unit, vocabulary, minCount, lowercase, maxLength, batch, labelSmoothing } = values;
  const changes = changesIn(values);
  const learned = viewsOf(data.train, data.images, symmetriesOf(changes));
  const texts = (rows: readonly Question[]) => rows.map(({ question }) => question);
  const targets = (rows: readonly Question[]) => rows.map(({ answer }) => answer);
  const tokenizer = Tokenizer.train(texts(learned.rows), {
    unit: unit as TokenUnit,
    ...(vocabulary === null ? {} : { size: vocabulary }),
    ...(minCount > 1 ? { minCount } : {}),
    lowercase,
  });
  const answers = frequentAnswers(targets(learned.rows), values.answers);
  const baseline = questionOnlyBaseline(texts(learned.rows), targets(learned.rows));
  const seen = async (images: Images): Promise<Images> => {
    if (!isComputedOnce(pretrained, changes)) return images;
    const features = await encodedImages(pretrained.encoder, summaryOf(values), pixelsOf(images), { say });
    const all = Int32Array.from({ length: features.count }, (_, n) => n);
    return { shape: [features.count, ...features.shape], data: await features.read(all) };
  };
  const known = { tokenizer, answers, maxLength };
  const images = await seen(data.images);
  const train = encodeQuestions(
    learned.rows,
    known,
    learned.images === data.images ? images : await seen(learned.images),
  );
  const validation = encodeQuestions(data.validation, known, images);
  const settings: VqaSettings = {
    batch,
    maxLength,
    ...changes,
    ...(labelSmoothing > 0 ? { labelSmoothing } : {}),
    ...(values.fineTune ? { cnnRate: values.cnnRate } : {}),
  };
  const { name, source, sha256, warnings } = data;
  const shown = data.validation.length > 0 ? data.validation : data.train;
  const example = { image: read.demo ? null : shown[0].image, question: shown[0].question };
  const page = `${values.out ?? `runs/${name}`}/answers.html`;
  const input: VisualQuestionAnsweringInput = {
    kind: 'visual-question-answering',
    image: values.form === 'question-only' ? null : imageContract(read, 'unit'),
    maxTokens: maxLength,
  };
  const answer = (model: VisualQA, rows: readonly Question[], top: number) =>
    answerQuestions(visualQuestionAnsweringOf(model, { tokenizer, answers, baseline, input }), data.images, rows, top);
  const rightWithoutImage = data.validation.filter(
    ({ question, answer }) => questionOnlyAnswers(baseline, question) === answer,
  ).length;
  const trivial: Baseline | null =
    data.validation.length === 0
      ? null
      : {
          metric: 'accuracy',
          value: rightWithoutImage / data.validation.length,
          what: 'each question’s most frequent answer (question-only)',
          hint: 'train for longer, or compare --summary map and --form map for questions of where things are',
        };
  return {
    name,
    model: modelConfig(values, read.size, tokenizer.size, answers.length, pretrained),
    settings,
    contract: { type: 'visual-qa', input },
    data: { source, sha256, rows: data.train.length + data.validation.length, read, example },
    contents: { tokenizer: tokenizer.toJSON(), answers, 'question-only': baseline },
    warnings,
    mostEpochs: 60,
    samples: 3,
    best: data.validation.length > 0 ? 'accuracy' : 'loss',
    baseline: trivial,
    make(config) {
      const model = new VisualQA(pretrained ? { ...config.model, convNet: encoderFor(pretrained) } : config.model);
      const task = vqaTask(model, {
        train,
        validation: data.validation.length > 0 ? validation : null,
        batchSize: batch,
        seed: config.training.seed,
        labelSmoothing,
        augment: values.form === 'question-only' ? null : augmentOf(changes),
      });
      return { model, task: withEncoderRate(task, model.convNet, values) };
    },
    introduce(model, { training }) {
      const { form, cell, numLayers, hiddenSize, convNet, maps } = model.config;
      const encoder = convNet && !pretrained ? t`, convolutions ${describeConvNet(convNet as ConvNetOptions)}` : '';
      const [held, of] = [answers.length, new Set(targets(learned.rows)).size];
      return [
        [t('questions'), t`${grouped(learned.rows.length)} to learn, ${grouped(data.validation.length)} to validate`],
        [t('images'), t`${grouped(learned.images.shape[0])} of ${read.size} × ${read.size}`],
        ...(pretrained ? encoderRow(pretrained, changes) : []),
        [
          t('answers'),
          held === of ? t`${grouped(held)} different` : t`the ${grouped(held)} most frequent of ${grouped(of)}`,
        ],
        ...baselineRow(trivial),
        [
          t('model'),
          t`${form}, ${form === 'map' ? t`${maps} maps` : t`${cell}, ${numLayers} × ${hiddenSize} units`}${encoder}, ${grouped(model.parameterCount())} parameters`,
        ],
        [t('steps'), t`${grouped(training.steps)} of ${batch} images`],
      ];
    },
    async sample(model, seed) {
      const rows = [0, 1, 2].map((k) => shown[(seed * 7919 + k * 104_729) % shown.length]);
      return showAnswers(await answer(model, rows, 1), targets(rows));
    },
    async showcase(model) {
      const rows = spread(shown, 24);
      const predicted = await answer(model, rows, 3);
      const title =
        data.validation.length > 0
          ? t('answers about images of the validation part')
          : t('answers about images of the training part');
      const about = {
        title: t('Questions about images'),
        lines: [t`${t(source)}: ${title}. Under each is the answer of the question-only baseline.`],
      };
      const images = rows.map(({ which }) => imageOf(data.images, which));
      return showAnswers(predicted, targets(rows), {
        title,
        page: answerPage(page, about, predicted, targets(rows), images),
      });
    },
  };
}

/** What is read of a feature map: all of it where things are asked for by their place, else its mean. */
const summaryOf = ({ summary, form }: VqaValues) =>
  (summary ?? (form === 'map' ? 'map' : 'pooled')) as 'map' | 'pooled';

/** Images that are held, as bytes. */
function pixelsOf({ shape, data }: Images): PixelSource {
  const size = shape.slice(1).reduce((n, d) => n * d, 1);
  const bytes = data as Uint8Array;
  return {
    count: shape[0],
    read: async (which) => Buffer.concat(which.map((n) => bytes.subarray(n * size, (n + 1) * size))),
  };
}

function modelConfig(
  values: VqaValues,
  size: number,
  vocabularySize: number,
  answers: number,
  pretrained: Pretrained | null,
): VisualQAConfig {
  const { hidden, layers, embedding, commonSize, dropout, wordDropout, maps } = values;
  return new VisualQA({
    vocabularySize,
    answers,
    form: values.form as VisualQAForm,
    convNet:
      values.form === 'question-only' ? null : (pretrained?.encoder ?? convNetOf('train vqa', { ...values, size })),
    summary: summaryOf(values),
    cell: values.cell as CellName,
    hiddenSize: hidden,
    numLayers: layers,
    embeddingDim: embedding || hidden,
    ...(commonSize === null ? {} : { commonSize }),
    maps,
    reading: values.reading as 'backward' | 'forward',
    dropout,
    ...recurrentDropoutOf(values),
    wordDropout,
  }).config;
}
