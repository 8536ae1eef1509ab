// Answering questions about images, as the machinery of runs sees it.

import { type CellName, VisualQA, type VisualQAConfig, type VisualQAForm, vqaTask } from 'unrolled';
import { frequentAnswers, questionOnlyAnswers, questionOnlyBaseline, Tokenizer, type TokenUnit } from 'unrolled/data';
import { type VisualQuestionAnsweringInput, visualQuestionAnsweringOf } from 'unrolled/pipelines';
import type { Values } from '../command-line/options.ts';
import { quoted, shellPath } from '../command-line/shell.ts';
import { spread } from '../examples/spread.ts';
import { augmentOf, changesIn, symmetriesOf } from '../images/augmentation.ts';
import { imageContract } from '../images/contract.ts';
import { convNetOf, describeConvNet } from '../images/options.ts';
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
    'unrolled train vqa questions.csv --images photos --form question-only --out runs/question-only',
    'unrolled train vqa --demo scenes',
  ],
  counts: 'questions',
  async prepare(values, paths, say) {
    const { demo, images, size, background, image, question, answer, type, where, header, badRows } = values;
    const { validation, valFrac, seed } = values;
    const columns = { image, question, answer, type };
    const read = {
      paths,
      demo,
      images,
      size,
      background,
      columns,
      where,
      header,
      badRows,
      validation,
      valFrac,
      seed,
    };
    return prepareVqa(await questionData(read, say), read, values);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => {
    const { image, question } = prepared.data.example;
    return [...(image ? [`ask ${run} ${shellPath(image)} ${quoted(question)}`] : []), `eval ${run}`];
  },
  evaluates: ['file', 'text', 'where', 'badRows', 'images'],
  predicts: ['file', 'where', 'images', 'badRows', 'topK', 'draw'],
  evaluate: evaluateVqa,
  predict: predictVqa,
};

function prepareVqa(data: QuestionData, read: QuestionSource, values: VqaValues): Prepared<VqaConfig, VisualQA> {
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
  const train = encodeQuestions(learned.rows, { tokenizer, answers, maxLength }, learned.images);
  const validation = encodeQuestions(data.validation, { tokenizer, answers, maxLength }, data.images);
  const settings: VqaSettings = {
    batch,
    maxLength,
    ...changes,
    ...(labelSmoothing > 0 ? { labelSmoothing } : {}),
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
    model: modelConfig(values, tokenizer.size, answers.length),
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
      const model = new VisualQA(config.model);
      const task = vqaTask(model, {
        train,
        validation: data.validation.length > 0 ? validation : null,
        batchSize: batch,
        seed: config.training.seed,
        labelSmoothing,
        augment: values.form === 'question-only' ? null : augmentOf(changes),
      });
      return { model, task };
    },
    introduce(model, { training }) {
      const { form, cell, numLayers, hiddenSize, convNet, maps } = model.config;
      const encoder = convNet ? t`, convolutions ${describeConvNet(convNet)}` : '';
      const [held, of] = [answers.length, new Set(targets(learned.rows)).size];
      return [
        [t('questions'), t`${grouped(learned.rows.length)} to learn, ${grouped(data.validation.length)} to validate`],
        [t('images'), t`${grouped(learned.images.shape[0])} of ${values.size} × ${values.size}`],
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

function modelConfig(values: VqaValues, vocabularySize: number, answers: number): VisualQAConfig {
  const { hidden, layers, embedding, commonSize, dropout, wordDropout, maps } = values;
  return new VisualQA({
    vocabularySize,
    answers,
    form: values.form as VisualQAForm,
    convNet: values.form === 'question-only' ? null : convNetOf('train vqa', values),
    summary: (values.summary ?? (values.form === 'map' ? 'map' : 'pooled')) as 'map' | 'pooled',
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
