// POST /v1/vqa: answers to questions about an image.

import * as v from 'valibot';
import type { ServerLimits } from '../../limits.ts';
import { flag, model, oneOrMore, optional, whole } from '../../schema/fields.ts';
import { image, imagesOf } from '../images.ts';
import { route } from '../route.ts';
import { answerTask } from './task.ts';

const schema = (limits: ServerLimits) =>
  v.strictObject({
    model: optional(model()),
    image: image(limits),
    question: oneOrMore(limits),
    topK: optional(whole(1, 2 ** 20)),
    attention: optional(v.pipe(flag(), v.description('Also the attention map after each word of the question.'))),
  });

export const vqa = route({
  method: 'POST',
  path: '/v1/vqa',
  summary: 'Answer questions about an image.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  media: { images: 'image', many: false, texts: ['model', 'question'] },
  handle(call) {
    const { model: name, image: picture, question, topK, attention } = call.body;
    const questions = typeof question === 'string' ? [question] : question;
    return answerTask(call, 'visual-question-answering', name, async () => {
      const [encoded] = await imagesOf(call, [picture], 'image');
      return { inputs: questions.map((one) => ({ image: encoded, question: one })), options: { topK, attention } };
    });
  },
});
