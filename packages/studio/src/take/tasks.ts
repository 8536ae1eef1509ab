// The library's name of the task that each kind of data is of.

import type { TaskName } from 'unrolled/pipelines';
import type { DataKind } from '../data/dataset.ts';

const names: Readonly<Record<DataKind, TaskName | null>> = {
  text: 'text-generation',
  labeled: 'text-classification',
  tagged: 'token-classification',
  pairs: 'translation',
  series: 'time-series-forecasting',
  captions: 'image-to-text',
  questions: 'visual-question-answering',
  clips: 'video-classification',
  memory: null,
};

/** Null for a memory problem, which nothing can be asked. */
export const taskOfKind = (kind: DataKind): TaskName | null => names[kind];
