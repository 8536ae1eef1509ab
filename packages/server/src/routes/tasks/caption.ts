// POST /v1/caption: captions of images.

import * as v from 'valibot';
import type { ServerLimits } from '../../limits.ts';
import { list, model, optional } from '../../schema/fields.ts';
import { image, imagesOf } from '../images.ts';
import { route } from '../route.ts';
import { decodingFields } from './decoding.ts';
import { answerTask } from './task.ts';
import { refuseSearch } from './translate.ts';

const schema = (limits: ServerLimits) =>
  v.strictObject({
    model: optional(model()),
    image: v.union([image(limits), list(image(limits), limits.images, 1)]),
    ...decodingFields(limits),
  });

export const caption = route({
  method: 'POST',
  path: '/v1/caption',
  summary: 'Describe images.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  media: { images: 'image', many: true, texts: ['model'] },
  handle(call) {
    const { model: name, image: images, stream, ...options } = call.body;
    const all = Array.isArray(images) ? images : [images];
    if (stream) refuseSearch(options, all.length);
    return answerTask(call, 'image-to-text', name, async () => ({
      inputs: await imagesOf(call, all, 'image'),
      options,
      stream,
    }));
  },
});
