// The course, in the order of the lecture. Another lesson is a file, its words in words/, and a line here.

import { ask } from './ask.ts';
import { caption } from './caption.ts';
import { clip } from './clip.ts';
import { dropout } from './dropout.ts';
import { explode } from './explode.ts';
import { gradient } from './gradient.ts';
import { gru } from './gru.ts';
import { layers } from './layers.ts';
import type { Lesson } from './lesson.ts';
import { loss } from './loss.ts';
import { lstm } from './lstm.ts';
import { norm } from './norm.ts';
import { parity } from './parity.ts';
import { sample } from './sample.ts';
import { shapes } from './shapes.ts';
import { tanh } from './tanh.ts';
import { translate } from './translate.ts';
import { truncate } from './truncate.ts';
import { unrolled } from './unrolled.ts';
import { vanish } from './vanish.ts';
import { video } from './video.ts';
import { vocabulary } from './vocabulary.ts';

/**
 * Every lesson, in the order in which they build on each other.
 *
 *     const lesson = lessons.find(({ name }) => name === 'vanish');
 *     const values = await lesson.measure({ onProgress: (part) => console.log(part) });
 *     lesson.tell(values, 'ko').shows;        // ['tanh 신경망에서는 한 단계에 …', …]
 */
export const lessons: readonly Lesson[] = [
  shapes,
  unrolled,
  tanh,
  loss,
  gradient,
  sample,
  truncate,
  translate,
  caption,
  ask,
  video,
  layers,
  explode,
  vanish,
  clip,
  lstm,
  gru,
  parity,
  dropout,
  norm,
  vocabulary,
];
