// The course, in the order of the lecture. Another lesson is a file, its words in words/, and a line here.

import { clip } from './clip.ts';
import { explode } from './explode.ts';
import { gradient } from './gradient.ts';
import { gru } from './gru.ts';
import type { Lesson } from './lesson.ts';
import { loss } from './loss.ts';
import { lstm } from './lstm.ts';
import { parity } from './parity.ts';
import { sample } from './sample.ts';
import { tanh } from './tanh.ts';
import { truncate } from './truncate.ts';
import { unrolled } from './unrolled.ts';
import { vanish } from './vanish.ts';

/**
 * Every lesson, in the order in which they build on each other.
 *
 *     const lesson = lessons.find(({ name }) => name === 'vanish');
 *     const values = await lesson.measure({ onProgress: (part) => console.log(part) });
 *     lesson.tell(values, 'ko').shows;        // ['tanh 신경망에서는 한 단계에 …', …]
 */
export const lessons: readonly Lesson[] = [
  unrolled,
  tanh,
  loss,
  gradient,
  sample,
  truncate,
  explode,
  vanish,
  clip,
  lstm,
  gru,
  parity,
];
