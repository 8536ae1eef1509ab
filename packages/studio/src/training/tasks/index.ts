// Every example by its name, and the task it is of.

import { textOf } from '../../data/texts.ts';
import type { PresetName } from '../../state/presets.ts';
import type { Settings } from '../../state/settings.ts';
import { prepareSentiment } from './classify.ts';
import { prepareMemory } from './memory.ts';
import type { Prepared } from './prepared.ts';
import { prepareDepth } from './tag.ts';
import { prepareText } from './text.ts';
import { prepareDates } from './translate.ts';

export type { Prepared } from './prepared.ts';

/** Model, data and task of an example. `text` is the user's own. */
export function prepare(preset: PresetName, settings: Settings, text: string | null): Prepared {
  switch (preset) {
    case 'adding':
    case 'temporal-order':
      return prepareMemory(preset, settings);
    case 'sentiment':
      return prepareSentiment(settings);
    case 'depth':
      return prepareDepth(settings);
    case 'dates':
      return prepareDates(settings);
    case 'stories':
    case 'sonnets':
    case 'korean':
    case 'brackets':
    case 'own':
      return prepareText(settings, text ?? textOf(preset));
    default:
      return preset satisfies never;
  }
}
