// What a run reads when it is looked into: the text or the examples that validate, and first of all what the user gives it.

import { openRun } from 'unrolled';
import type { Snapshot } from '../workers/protocol.ts';
import { LabelsReading } from './labels-reading.ts';
import { LanguageReading } from './language-reading.ts';
import { TagsReading } from './tags-reading.ts';
import type { TraceReading } from './trace-reading.ts';
import { TranslationReading } from './translation-reading.ts';

/** Tasks whose inside can be looked into. */
export const readable = ['text-generation', 'text-classification', 'token-classification', 'translation'] as const;

/** Reads what validates; `own` is the user's own text, which comes first. Rejects with an error that says what cannot be looked into. */
export async function openReading(snapshot: Snapshot, own: string | null): Promise<TraceReading> {
  const { files, heldOut } = snapshot;
  const rows = heldOut?.kind === 'table' ? heldOut.rows : [];
  const pipeline = await openRun(files);
  const { task } = pipeline;
  if (task === 'text-generation') return new LanguageReading(snapshot);
  if (task === 'text-classification') {
    const examples = rows.map(([text, label]) => [text, label] as const);
    return LabelsReading.of(pipeline, own === null ? examples : [[own, null], ...examples]);
  }
  if (task === 'token-classification') {
    const examples = rows.map(([tokens, tags]) => [JSON.parse(tokens), JSON.parse(tags)] as [string[], string[]]);
    const tokens =
      pipeline.input.split === 'characters' ? Array.from(own ?? '') : (own ?? '').split(/\s+/).filter(Boolean);
    return TagsReading.of(pipeline, tokens.length === 0 ? examples : [[tokens, null], ...examples]);
  }
  if (task === 'translation') {
    const examples = rows.map(([source, target]) => [source, target] as const);
    return new TranslationReading(pipeline, own === null ? examples : [[own, null], ...examples]);
  }
  throw new Error(`a run of ${task} has no text to be read token by token`);
}
