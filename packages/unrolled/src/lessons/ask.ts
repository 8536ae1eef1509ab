// Visual question answering: two vectors, one of the image and one of the question, and a distribution over answers. Beside it the question alone:
// what can be answered without looking.

import { indices, manualSeed, Random, scope, type Tensor, VisualQA, type VisualQAForm } from '../index.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf, type Measuring } from './lesson.ts';
import { fixed, percent } from './numbers.ts';
import { imagesOf, makeScenesOf, type Scene, sceneColors, sceneNet, sceneShapes, trainOn } from './scenes.ts';
import { lessonTerms } from './words/common.ts';
import { type AskValues, type AskWords, askWords } from './words/ask.ts';

const [batchSize, tests, every, hiddenSize] = [32, 200, 20, 32];
const words = ['', '', 'what', 'color', 'is', 'the', '?', ...sceneShapes];
const forms = ['product', 'recurrent', 'question-only'] as const satisfies readonly VisualQAForm[];
const budget = 300;

interface Question {
  readonly scene: Scene;
  /** 0 asks for the star, 1 for the circle. */
  readonly about: number;
}

const wordsOf = ({ about }: Question) => ['what', 'color', 'is', 'the', sceneShapes[about], '?'];
const answerOf = ({ scene, about }: Question) => scene.colors[about];

const makeQuestions = (count: number, random: Random): Question[] =>
  makeScenesOf(count, random).map((scene) => ({ scene, about: random.integer(2) }));

/** Questions int32 [T, B]: all have six words. */
function asTensor(questions: readonly Question[]): Tensor {
  const ids = questions.map((q) => wordsOf(q).map((word) => words.indexOf(word)));
  return indices(
    ids[0].flatMap((_, t) => ids.map((row) => row[t])),
    [ids[0].length, ids.length],
  );
}

async function train(form: (typeof forms)[number], steps: number, progress: (part: number) => Promise<void>) {
  manualSeed(1);
  const looks = form !== 'question-only';
  const model = new VisualQA({
    vocabularySize: words.length,
    answers: sceneColors.length,
    form,
    hiddenSize,
    cell: 'gru',
    ...(looks ? { convNet: sceneNet, summary: 'pooled' as const } : {}),
  });
  const random = new Random(1);
  const losses = await trainOn(model, { steps, every, lr: 5e-3, progress }, () => {
    const questions = makeQuestions(batchSize, random);
    const images = looks ? imagesOf(questions.map(({ scene }) => scene)) : null;
    return model.loss({ question: asTensor(questions), images }, indices(questions.map(answerOf)));
  });
  return { model, losses, looks };
}

/** Probabilities of the answers for each question; `shift` exchanges the images. */
function answers(
  { model, looks }: Awaited<ReturnType<typeof train>>,
  questions: readonly Question[],
  shift = 0,
): number[][] {
  const scenes = questions.map((_, k) => questions[(k + shift) % questions.length].scene);
  return scope(
    () =>
      model.predict({ question: asTensor(questions), images: looks ? imagesOf(scenes) : null }).toArray() as number[][],
  );
}

const best = (p: readonly number[]) => p.indexOf(Math.max(...p));

export const ask = lessonOf<AskValues, AskWords>({
  name: 'ask',
  words: askWords,
  async measure({ steps: stepsOf, progress }: Measuring) {
    const questions = makeQuestions(tests, new Random(99));
    const steps = stepsOf(budget, every);
    const found: AskValues['forms'][number][] = [];
    // Two questions with different answers.
    const other = questions.findIndex((question) => answerOf(question) !== answerOf(questions[0]));
    const examples = [questions[0], questions[Math.max(1, other)]];
    let shown: number[][] = [];
    for (const [k, form] of forms.entries()) {
      const trained = await train(form, steps, (p) => progress((k + p) / forms.length));
      const share = (p: readonly (readonly number[])[]) =>
        p.filter((row, q) => best(row) === answerOf(questions[q])).length / tests;
      const own = answers(trained, questions);
      if (form === 'product') shown = examples.map((question) => own[questions.indexOf(question)]);
      found.push({
        form,
        losses: trained.losses,
        accuracy: share(own),
        exchanged: trained.looks ? share(answers(trained, questions, 1)) : null,
      });
    }
    return {
      tests,
      steps,
      forms: found,
      chance: 1 / sceneColors.length,
      shown: shown.map((p, k) => {
        const { image } = examples[k].scene;
        return {
          question: wordsOf(examples[k]).join(' '),
          answer: sceneColors[answerOf(examples[k])],
          p: sceneColors.map((color, c) => ({ color, p: p[c] })),
          image: { width: image.width, height: image.height, data: Array.from(image.data) },
        };
      }),
    };
  },
  answer: ({ forms }) => {
    const alone = forms.find(({ form }) => form === 'question-only')?.accuracy ?? 0;
    return alone < 0.12 ? 0 : alone < 0.38 ? 1 : 2;
  },
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'images',
      title: t.images,
      images: v.shown.map(({ image, question }) => ({
        image: { width: image.width, height: image.height, data: Uint8Array.from(image.data) },
        caption: question,
      })),
    },
    ...v.shown.map(
      ({ question, answer, p }): LessonFigure => ({
        kind: 'bars',
        title: t.distribution(question, answer),
        most: 1,
        rows: p.map(({ color, p: part }) => ({
          label: color,
          value: part,
          text: fixed(part, 3),
          marked: color === answer,
        })),
      }),
    ),
    {
      kind: 'table',
      header: t.header,
      rows: v.forms.map(({ form, accuracy, exchanged }) => [
        t.forms[form],
        percent(accuracy),
        exchanged === null ? '–' : percent(exchanged),
      ]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: lessonTerms[language].loss,
        series: v.forms.map(({ form, losses }) => ({
          name: t.forms[form],
          points: losses.map((y, k) => [(k + 1) * every, y] as const),
        })),
        marks: [{ axis: 'y', at: Math.log(sceneColors.length), label: 'ln 4' }],
      },
    },
  ],
});
