// Every task of the command, in the order of `unrolled train --help`. What is below (runs/, the tasks) knows nothing of this list.

import { FormatError, suggest } from 'unrolled';
import { caption } from './caption/kind.ts';
import { classify, classifySeries } from './classify/kind.ts';
import { forecast } from './forecast/kind.ts';
import { memory } from './memory/kind.ts';
import { tag, tagSeries } from './tag/kind.ts';
import { text } from './text/kind.ts';
import { translate } from './translate/kind.ts';
import { video } from './video/kind.ts';
import { vqa } from './vqa/kind.ts';
import type { SavedRun, TaskKind } from './runs/kind.ts';

/**
 * Each is typed by its own configuration, which this list forgets: a run is given to the kind that its config.json names, and config.json was checked for
 * that kind (runs/fields.ts).
 */
export const kinds: readonly TaskKind[] = [text, classify, tag, translate, caption, forecast, memory, vqa, video];

/** Those whose runs come from the command of another: classify and tag, on numbers. */
const specialKinds: readonly TaskKind[] = [classifySeries, tagSeries];

/** What a run of this kind is to people: `train text`. */
export const calledOf = ({ name, called }: TaskKind): string => called ?? `train ${name}`;

/** The kind of a saved run. */
export function kindOf({ path, config }: Pick<SavedRun, 'path' | 'config'>): TaskKind {
  const kind = [...kinds, ...specialKinds].find(({ name }) => name === config.task);
  if (kind) return kind;
  const known = kinds.map(({ name }) => name);
  throw new FormatError(
    path,
    `is a run of the task ${config.task}, which is not known here; ${suggest(config.task, known)}`,
  );
}
