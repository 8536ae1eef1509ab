// How good a saved tagger is: over all tags, tag by tag, and how many sequences it tags without a mistake.

import { evaluateTagger, noLabel } from 'unrolled';
import { marksSpans, spanScores } from 'unrolled/metrics';
import { tokenClassification } from 'unrolled/pipelines';
import { type LabelResult, labelTable } from '../examples/label-table.ts';
import { rowsToMeasure } from '../examples/parts.ts';
import { unknownWarning } from '../examples/say.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, styleFor, table } from '../terminal/index.ts';
import type { TagConfig } from './config.ts';
import { readOtherTagged, readTagged } from './data.ts';
import { encodeTagged } from './encode.ts';
import { taggedLines, taggedSequence } from './view.ts';

const shown = 3; // sequences with mistakes

export async function evaluateTag(saved: SavedRun<TagConfig>, values: EvaluateValues): Promise<Report> {
  const { model, vocabulary, labels: tags } = await saved.open(tokenClassification);
  const { config } = saved;
  const { rows, source, warnings } = await rowsToMeasure(config.data, values, {
    parts: readTagged,
    other: readOtherTagged,
  });
  const data = encodeTagged(rows, vocabulary, tags, config.training);
  const { loss, targets, metrics, perLabel, predictions } = await evaluateTagger(model, data);
  const spans = spansIn(tags, predictions, data.labels);
  const result = {
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
  };
  const wrong = predictions.flatMap((predicted, n) => {
    const one = taggedSequence(data.tokens[n], predicted, data.labels[n], tags);
    return one.tags.some((tag, t) => one.targets[t] !== null && one.targets[t] !== tag) ? [one] : [];
  });
  const screen = { width: process.stderr.columns || 80, style: styleFor(process.stderr) };
  const lines = [
    ...warnings,
    ...data.warnings,
    ...unknownWarning('the sequences', data.unknown),
    ...table([
      ['accuracy', `${metrics.accuracy.toFixed(4)}   of the tags`],
      ['macro F1', metrics.macroF1.toFixed(4)],
      ...(spans
        ? [
            [
              'span F1',
              `${spans.f1.toFixed(4)}   precision ${spans.precision.toFixed(4)}, recall ${spans.recall.toFixed(4)}`,
            ],
          ]
        : []),
      ['exact', `${metrics.exact.toFixed(4)}   of the sequences have no mistake`],
      ['loss', `${loss.toFixed(4)} nats per tag`],
      ['measured on', `${grouped(rows.length)} sequences with ${grouped(targets)} tags of ${source}`],
      ['weights', `${saved.path}, step ${saved.step}`],
    ]),
    '',
    ...(spans ? [...labelTable('span', spans.perType), ''] : []),
    ...labelTable('tag', result.perTag),
    ...wrong.slice(0, shown).flatMap((one) => ['', ...taggedLines(one, screen)]),
  ];
  return { result, lines };
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
