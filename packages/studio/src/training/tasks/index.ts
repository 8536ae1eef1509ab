// Every kind of data, and the task that it is of. A task's file is loaded when it is trained.

import type { Dataset } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Prepared } from './prepared.ts';

export type { Prepared } from './prepared.ts';

/** Model and task of settings and data. */
export async function prepare(settings: Settings, data: Dataset): Promise<Prepared> {
  switch (data.kind) {
    case 'text':
      return (await import('./text.ts')).prepareText(settings, data);
    case 'labeled':
      return (await import('./classify.ts')).prepareLabeled(settings, data);
    case 'tagged':
      return (await import('./tag.ts')).prepareTagged(settings, data);
    case 'pairs':
      return (await import('./translate.ts')).preparePairs(settings, data);
    case 'series':
      return (await import('./forecast.ts')).prepareSeries(settings, data);
    case 'captions':
      return (await import('./caption.ts')).prepareCaptions(settings, data);
    case 'questions':
      return (await import('./questions.ts')).prepareQuestions(settings, data);
    case 'clips':
      return (await import('./clips.ts')).prepareClips(settings, data);
    case 'memory':
      return (await import('./memory.ts')).prepareMemory(settings, data);
    default:
      return data satisfies never;
  }
}
