import { expect, test } from 'vitest';
import type { Images } from '../data/image-batch.ts';
import type { VisualQAForm } from '../models/visual-qa/options.ts';
import { VisualQA } from '../models/visual-qa/visual-qa.ts';
import { Adam } from '../optim/optimizers.ts';
import { indices, ones } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { fit } from './fit.ts';
import { evaluateVisualQA, type ImageQuestions, vqaTask } from './visual-qa-task.ts';

// An image is dark or light in each of two halves. Question 1 asks about the left half, 2 about the right one: neither image nor question
// alone tells the answer. Question 3 is answered 2 whatever is seen.
const bytes = Uint8Array.from({ length: 4 * 8 }, (_, k) => ((k % 4 < 2 ? k >> 3 : k >> 4) % 2 ? 220 : 30));
const images: Images = { shape: [4, 2, 4, 1], data: bytes };
const data: ImageQuestions = {
  images,
  questions: [0, 1, 2, 3].flatMap(() => [[1, 4], [2, 4], [3]]),
  which: [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3],
  answers: [0, 1, 2, 3].flatMap((n) => [n % 2, n >> 1, 2]),
  types: [0, 1, 2, 3].flatMap(() => ['half', 'half', 'any']),
};

async function trained(form: VisualQAForm, steps = 60) {
  manualSeed(2);
  const convNet = form === 'question-only' ? null : { inChannels: 1, inputSize: [2, 4] as const, channels: [6] };
  const model = new VisualQA({ vocabularySize: 5, answers: 3, hiddenSize: 12, form, convNet });
  const task = vqaTask(model, { train: data, validation: data, batchSize: 4 });
  await fit(task, { optimizer: new Adam(model.parameters(), { lr: 0.03 }), steps });
  return { model, evaluation: await evaluateVisualQA(model, data) };
}

test.each(['product', 'recurrent', 'map'] as const)(
  'form %s answers by looking, and loses where the images are exchanged',
  async (form) => {
    const { evaluation } = await trained(form);
    expect(evaluation.metrics.accuracy).toBe(1);
    expect(evaluation.metrics.shuffled).toBeLessThan(0.8);
    const [half, any] = evaluation.byType;
    expect(half).toMatchObject({ type: 'half', accuracy: 1, count: 8 });
    expect(half.shuffled).toBeLessThan(0.7);
    expect(any).toEqual({ type: 'any', accuracy: 1, shuffled: 1, count: 4 });
  },
);

test('a question-only model reaches the question-only baseline, and no more', async () => {
  const { evaluation } = await trained('question-only');
  expect(evaluation.metrics.shuffled).toBeUndefined();
  expect(evaluation.byType.find(({ type }) => type === 'any')).toMatchObject({ accuracy: 1, shuffled: null });
  expect(evaluation.byType.find(({ type }) => type === 'half')?.accuracy).toBe(0.5);
});

test('measuring in parts says what one forward pass of all says, and leaves the model as it was', async () => {
  const { model, evaluation } = await trained('product', 3);
  expect(model.training).toBe(true);
  const again = await evaluateVisualQA(model, data);
  expect(again).toEqual(evaluation);
});

test('an answer that the model does not have is not learned from, and counts as wrong', async () => {
  const { model } = await trained('product', 2);
  const answers = data.answers as number[];
  const some = { ...data, answers: answers.map((k) => (k === 2 ? -1 : k)) };
  const task = vqaTask(model, { train: some, batchSize: 4 });
  expect(task.next()().targets).toBe(8);
  const { targets, byType } = await evaluateVisualQA(model, some);
  expect(targets).toBe(8);
  expect(byType.find(({ type }) => type === 'any')?.accuracy).toBe(0);
  const none = { ...data, answers: answers.map(() => -1) };
  expect(() => vqaTask(model, { train: none })).toThrow('no question has an answer that the model can give');
});

test('a question about an image that is not there is refused by its number', async () => {
  const { model } = await trained('product', 1);
  const wrong = { ...data, which: Array.from(data.which, (p, n) => (n === 5 ? 4 : p)) };
  expect(() => vqaTask(model, { train: wrong })).toThrow('question 5: expected an image from 0 to 3, got 4');
  const short = { ...data, images: { shape: [4, 2, 3, 1], data: bytes } };
  expect(() => vqaTask(model, { train: short })).toThrow('should hold 4 × 2 × 3 × 1 numbers and holds 32');
});

test('questions without words, and answers that are none, are refused by their number; no validation is none', async () => {
  const { model } = await trained('product', 1);
  const answered = (answer: unknown) => ({ ...data, answers: Array.from(data.answers, (k, n) => (n === 5 ? answer : k)) as number[] }); // biome-ignore format: one line
  for (const answer of [3, -2, 0.5, '1'])
    expect(() => vqaTask(model, { train: answered(answer) })).toThrow(
      `question 5: expected −1, or one from 0 to 2, got ${typeof answer === 'string' ? `"${answer}"` : answer}`,
    );
  for (const answer of [-1, 0, 2]) vqaTask(model, { train: answered(answer) });
  const silent = { ...data, questions: data.questions.map((words, n) => (n === 2 ? [] : words)) };
  expect(() => vqaTask(model, { train: silent })).toThrow('question 2 has no words');
  expect(await vqaTask(model, { train: data }).evaluate()).toBe(null);
});

test('more images than are read at a time are each looked at once', async () => {
  const { model } = await trained('product', 1);
  const N = 70;
  const many: ImageQuestions = {
    images: { shape: [N, 2, 4, 1], data: Uint8Array.from({ length: 8 * N }, (_, k) => bytes[k % 32]) },
    questions: Array.from({ length: N }, () => [1, 4]),
    which: Array.from({ length: N }, (_, n) => n),
    answers: Array.from({ length: N }, (_, n) => n % 2),
  };
  const { predictions } = await evaluateVisualQA(model, many);
  expect(predictions.slice(4)).toEqual(predictions.slice(0, N - 4)); // the same four, again and again
});

test('words are left out in training alone, and in every form', () => {
  for (const form of ['recurrent', 'product', 'map'] as const) {
    manualSeed(3);
    const convNet = { inChannels: 1, inputSize: [2, 4] as const, channels: [6] };
    const model = new VisualQA({ vocabularySize: 5, answers: 3, hiddenSize: 12, form, convNet, wordDropout: 0.5 });
    const asked = { question: indices([1, 4, 2, 3], [4, 1]), images: ones([1, 1, 2, 4]) };
    const say = () => Array.from(model.forward(asked).dataSync());
    model.eval();
    expect(say()).toEqual(say());
    model.train();
    expect(new Set(Array.from({ length: 20 }, () => say().join())).size).toBeGreaterThan(1);
  }
});

test('augmentation changes the images of every epoch anew, the same at the same place, and leaves validation alone', async () => {
  const colored: Images = { shape: [4, 4, 4, 3], data: Uint8Array.from({ length: 4 * 48 }, (_, k) => (k * 37) % 256) };
  const make = (augment: object | null) => {
    manualSeed(2);
    const model = new VisualQA({
      vocabularySize: 5,
      answers: 3,
      hiddenSize: 6,
      form: 'product',
      convNet: { inputSize: [4, 4], channels: [4] },
    });
    return vqaTask(model, { train: { ...data, images: colored }, batchSize: 4, augment });
  };
  const losses = (task: ReturnType<typeof make>, epochs: number) =>
    Array.from({ length: epochs }, () => {
      const compute = task.next();
      const loss = compute().loss.itemSync();
      expect(compute().loss.itemSync()).toBe(loss); // the same batch again
      return loss;
    });
  const changed = losses(make({ brightness: 0.5, flip: 0.5 }), 3);
  expect(losses(make({ brightness: 0.5, flip: 0.5 }), 3)).toEqual(changed);
  expect(new Set(changed).size).toBe(3);
  const plain = losses(make(null), 2);
  expect(losses(make({}), 2)).toEqual(plain);
  expect(() => make({ flip: 2 })).toThrow('augment: flip: expected a number from 0 to 1, got 2');
  const gray = () =>
    vqaTask(
      new VisualQA({ vocabularySize: 5, answers: 3, convNet: { inChannels: 1, inputSize: [2, 4], channels: [2] } }),
      {
        train: data,
        augment: { flip: 1 },
      },
    );
  expect(gray).toThrow('vqaTask: augment: expected images as bytes [N, h, w, 3], got 4 × 2 × 4 × 1 numbers');
});
