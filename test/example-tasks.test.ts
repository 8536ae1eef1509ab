// The examples of tasks learn what they say, in fewer steps than they take by themselves.

import { expect, test } from 'vitest';
import { main as classify } from '../examples/tasks/classify.ts';
import { main as forecast } from '../examples/tasks/forecast.ts';
import { main as tag } from '../examples/tasks/tag.ts';
import { main as text } from '../examples/tasks/text.ts';
import { main as translate } from '../examples/tasks/translate.ts';

test('text: the model goes on as the text does', async () => {
  expect(await text()).toMatch(/^brown fox jumps over a lazy dog\. the/);
});

test('classify: a review that it was not shown has its label', async () => {
  const { accuracy, label } = await classify(3);
  expect(accuracy).toBeGreaterThan(0.9);
  expect(label).toBe('positive');
});

test('tag: most brackets are told from those without a partner', async () => {
  const { accuracy, labels } = await tag(2);
  expect(labels).toHaveLength(7);
  expect(accuracy).toBeGreaterThan(0.75);
});

test('translate: the loss falls below that of characters drawn at random', async () => {
  const { loss, translation } = await translate(40);
  expect(loss).toBeLessThan(Math.log(30));
  expect(translation).toMatch(/\d/);
});

test('forecast: the error is below that of the seasonal naive forecast', async () => {
  const { mse, naive } = await forecast(40);
  expect(mse).toBeLessThan(naive);
});
