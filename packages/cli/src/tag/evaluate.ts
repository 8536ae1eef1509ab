// How good a saved tagger is: over all tags, tag by tag, and how many sequences it tags without a mistake.

import { evaluateTagger, noLabel } from 'unrolled';
import { marksSpans, spanScores } from 'unrolled/metrics';
import { tokenClassification } from 'unrolled/pipelines';
import type { LabelResult } from '../examples/label-table.ts';
import { rowsToMeasure } from '../examples/parts.ts';
import { unknownWarning } from '../examples/say.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import type { TagConfig } from './config.ts';
import { readOtherTagged, readTagged } from './data.ts';
import { charactersOf } from './characters.ts';
import { encodeTagged } from './encode.ts';
import { isWrong, resultLines, taggedSequence, type TagResult } from './view.ts';

const shown = 3; // sequences with mistakes

export async function evaluateTag(saved: SavedRun<TagConfig>, values: EvaluateValues): Promise<Report> {
  const pipeline = await saved.open(tokenClassification);
  const { model, vocabulary, labels: tags } = pipeline;
  const { config } = saved;
  const { rows, source, warnings } = await rowsToMeasure(config.data, values, {
    parts: readTagged,
    other: readOtherTagged,
  });
  const data = encodeTagged(rows, vocabulary, tags, config.training, charactersOf(pipeline));
  const { loss, targets, metrics, perLabel, predictions } = await evaluateTagger(model, data);
  const spans = spansIn(tags, predictions, data.labels);
  const tagged = predictions.map((predicted, n) => taggedSequence(data.tokens[n], predicted, data.labels[n], tags));
  const result: TagResult = {
    run: saved.path,
    step: saved.step,
    source,
    sequences: rows.length,
    tags: targets,
    loss,
    ...metrics,
    unknown: data.unknown,
    perTag: tags.map((label, c) => ({ label, ...perLabel[c] })),
    ...(spans && { spans }),
    mistakes: tagged.filter(isWrong).slice(0, shown),
  };
  return {
    result,
    warnings: [...warnings, ...data.warnings, ...unknownWarning('the sequences', data.unknown)],
    lines: (screen) => resultLines(result, screen),
  };
}

/** How good whole spans are, where the tags mark them (B-LOC I-LOC O); else null. */
function spansIn(tags: readonly string[], predictions: readonly Int32Array[], labels: readonly ArrayLike<number>[]) {
  if (!marksSpans(tags)) return null;
  const predicted = predictions.map((row) => Array.from(row, (c) => tags[c]));
  const wanted = labels.map((row) => Array.from(row, (c) => (c === noLabel ? null : tags[c])));
  const { perType, ...all } = spanScores(predicted, wanted);
  const counted = Object.entries(perType).map(
    ([label, { support, ...score }]): LabelResult => ({ label, ...score, count: support }),
  );
  return { ...all, perType: counted };
}
