// Every kind of task, in the order of `unrolled train --help`.

import { FormatError, suggest } from 'unrolled';
import { caption } from '../caption/kind.ts';
import { classify } from '../classify/kind.ts';
import { forecast } from '../forecast/kind.ts';
import { memory } from '../memory/kind.ts';
import { tag } from '../tag/kind.ts';
import { text } from '../text/kind.ts';
import { translate } from '../translate/kind.ts';
import { video } from '../video/kind.ts';
import { vqa } from '../vqa/kind.ts';
import type { SavedRun, TaskKind } from './kind.ts';

export const kinds: readonly TaskKind[] = [
  text,
  classify,
  tag,
  translate,
  caption,
  forecast,
  memory,
  vqa,
  video,
] as unknown as readonly TaskKind[];

/** The kind of a saved run. */
export function kindOf({ path, config }: Pick<SavedRun, 'path' | 'config'>): TaskKind {
  const kind = kinds.find(({ name }) => name === config.task);
  if (kind) return kind;
  const known = kinds.map(({ name }) => name);
  throw new FormatError(
    path,
    `is a run of the task ${config.task}, which is not known here; ${suggest(config.task, known)}`,
  );
}
