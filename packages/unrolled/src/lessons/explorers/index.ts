// The lessons that have handles. Another one is a file and a line here.

import type { LessonExplorer } from '../explorer.ts';
import { clip } from './clip.ts';
import { dropout } from './dropout.ts';
import { explode } from './explode.ts';
import { lstm } from './lstm.ts';
import { sample } from './sample.ts';
import { vanish } from './vanish.ts';

/**
 * Experiments with parameters to move, by the name of their lesson.
 *
 *     const { says, figures } = await lessonExplorers.explode.explore({ rho: 0.9 }, 'en');
 */
export const lessonExplorers: Readonly<Partial<Record<string, LessonExplorer>>> = {
  clip,
  dropout,
  explode,
  lstm,
  sample,
  vanish,
};
