// POST /v1/video: the label of a clip, or of each of its frames, which are images in their order. Frames that come bit by bit go on from a state.

import * as v from 'valibot';
import { badRequest } from '../../http/api-error.ts';
import type { ServerLimits } from '../../limits.ts';
import { flag, list, model, number, optional, state, whole } from '../../schema/fields.ts';
import { image, imagesOf } from '../images.ts';
import { route } from '../route.ts';
import { answerTask } from './task.ts';

const schema = (limits: ServerLimits) =>
  v.strictObject({
    model: optional(model()),
    frames: list(image(limits), limits.frames, 1),
    rate: optional(
      v.pipe(
        number(0, 1000),
        v.check((r) => r > 0, 'expected a number above 0'),
        v.description('Frames a second. Default 25.'),
      ),
    ),
    topK: optional(whole(1, 2 ** 20)),
    stream: optional(v.pipe(flag(), v.description('Label by label, for models that label frames.'))),
    state: optional(state()),
  });

export const video = route({
  method: 'POST',
  path: '/v1/video',
  summary: 'Label a clip, or its frames.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  media: { images: 'frames', many: true, texts: ['model', 'state'] },
  handle(call) {
    const { model: name, frames, rate, topK, stream, state: from } = call.body;
    return answerTask(call, 'video-classification', name, async (served) => {
      if ((stream || from) && served.info.streams !== true)
        throw badRequest(`${served.id} needs whole clips: leave out stream and state`, stream ? 'stream' : 'state');
      const encoded = await imagesOf(call, frames, 'frames');
      const clip = { frames: encoded, ...(rate === null || rate === undefined ? {} : { rate }) };
      return { inputs: [clip], options: { topK }, stream, state: from };
    });
  },
});
