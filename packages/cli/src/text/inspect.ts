// A text run, ready to be looked into.

import { languageTask } from 'unrolled';
import { traceText } from 'unrolled/analysis';
import { textGeneration } from 'unrolled/pipelines';
import { insidesOf } from '../examples/inspect.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { requireOwnModel } from '../runs/own-model.ts';
import { languageModelOf, type TextConfig } from './config.ts';
import { ownText } from './evaluate.ts';
import { makeStreams, readText } from './data.ts';
import { readSymbols, symbolName } from './tokens.ts';
import { t } from '../language/index.ts';

const least = 256; // symbols that a held-out part must have to be looked at

export async function inspectText(
  saved: SavedRun<TextConfig>,
  { text, length }: InspectValues,
): Promise<InspectSource> {
  const { model: opened, vocabulary } = await saved.open(textGeneration);
  const model = requireOwnModel(saved.path, opened, 'inspect');
  const { config } = saved;
  const source = text === null ? ownText(config.data) : readText([text]);
  const all = readSymbols(vocabulary, source.text, source.source).ids;
  // Of its own text the part that it was not trained on, as far as there is one.
  const cut = text === null ? Math.floor(all.length * (1 - config.training.valFrac)) : 0;
  const own = cut > 0 && all.length - cut >= least;
  const ids = all.subarray(own ? cut : 0).subarray(0, length);
  const streams = streamsOf(all, config.training);
  const { cell, numLayers, hiddenSize } = model.config;
  return insidesOf(saved, {
    model,
    what: t`${cell}, ${numLayers} × ${hiddenSize} units`,
    make: () => languageModelOf(config.model),
    task: (of) => languageTask(of, { train: streams, reduction: config.training.reduction }),
    lossUnit: t('nats per symbol'),
    reading: {
      source: `${source.source}${own ? t(', which it was not trained on') : ''}`,
      isText: true,
      symbols: Array.from(ids, (id) => vocabulary.decode([id])),
      between: symbolName(vocabulary) === 'tokens' ? ' ' : '',
      trace: traceText(model, ids),
      language: {
        model,
        ids,
        others: own ? all.subarray(0, cut) : all.subarray(ids.length),
        window: config.training.seqLength,
      },
    },
  });
}

/** As the run trained, or what a shorter text has room for. */
function streamsOf(
  ids: Int32Array,
  { batch, seqLength, valFrac }: { batch: number; seqLength: number; valFrac: number },
) {
  const room = Math.floor((ids.length * (1 - valFrac) - 1) / seqLength);
  if (room >= 1) return makeStreams(ids, { batch: Math.min(batch, room), seqLength, valFrac }).train;
  return makeStreams(ids, { batch: 1, seqLength: Math.max(1, Math.floor(ids.length * (1 - valFrac)) - 1), valFrac })
    .train;
}
