// Every lesson, in the order in which they build on each other. Another one is a file, its words in texts/, and a line here.

import { clip } from './clip.ts';
import { explode } from './explode.ts';
import { gru } from './gru.ts';
import { hello } from './hello.ts';
import type { Lesson } from './lesson.ts';
import { lstm } from './lstm.ts';
import { parity } from './parity.ts';
import { sample } from './sample.ts';
import { tanh } from './tanh.ts';
import { truncate } from './truncate.ts';
import { vanish } from './vanish.ts';

export const lessons: readonly Lesson[] = [hello, tanh, explode, vanish, clip, truncate, lstm, gru, parity, sample];
