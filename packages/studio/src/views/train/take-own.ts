// Files that were dropped or chosen: data to learn from, and a form that fits them.

import type { NamedFile } from '../../own/given.ts';
import { ownPreset, takeFiles } from '../../state/own.ts';
import { choose } from './settings-of.ts';

export async function takeOwn(files: readonly NamedFile[]): Promise<void> {
  choose('own');
  await takeFiles(files);
  choose(ownPreset.value);
}
