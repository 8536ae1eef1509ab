// `unrolled ask <run> <image> <question>`: `predict`, for a model that answers questions about images.

import type { CommandSpec } from '../command-line/program.ts';
import { predictOptions } from '../command-line/tables.ts';
import { openSaved } from '../runs/saved.ts';
import { otherTask } from './other-task.ts';
import { predict } from './predict.ts';

export const ask: CommandSpec<typeof predictOptions> = {
  name: 'ask',
  summary: 'ask a trained model a question about an image',
  args: [
    ['<run>', 'the run folder of `train vqa`'],
    ['<image>', 'an image file, or a folder of images'],
    ['<questions...>', 'questions about the image'],
  ],
  options: predictOptions,
  examples: ['unrolled ask runs/questions photo.jpg "what color is the car?"'],
  async run(values, inputs, given) {
    const { config } = await openSaved(inputs[0], values.checkpoint as 'best' | 'last');
    if (config.task !== 'vqa') throw otherTask('ask', inputs[0], config.task, 'vqa');
    return predict.run(values, inputs, given);
  },
};
