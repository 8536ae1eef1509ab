// Labels of clips, or of pictures, which are clips of one frame: convolutions on every frame, then recurrent layers over them.

import { classifyTask, VideoClassifier } from 'unrolled';
import { videoClassificationOf } from 'unrolled/pipelines';
import type { DatasetOf } from '../../data/dataset.ts';
import { clipImage, framesOf } from '../../data/frames.ts';
import type { Settings } from '../../settings/settings.ts';
import { contractOf, convNetOf, strip } from './images.ts';
import { divided, layersOf, marked, type Prepared, seeded } from './prepared.ts';

const shownClips = 4;

export function prepareClips(settings: Settings, { rows: all, size }: DatasetOf<'clips'>): Prepared {
  const { train, rest } = divided(all, settings);
  const labels = [...new Set(all.map(({ label }) => label))].sort();
  const bytes = size * size * 3;
  const moving = all.some(({ data }) => data.length > bytes);
  const encoded = (rows: typeof train) => ({
    sequences: rows.map(({ data }) => data),
    labels: rows.map(({ label }) => labels.indexOf(label)),
  });
  const { dropout, batch, seed } = settings;
  const convNet = { ...convNetOf(size), channels: [12, 24, 48], kernelSize: 3 as const };
  const options = { convNet, classes: labels.length, dropout, change: moving };
  const model = seeded(settings, () => new VideoClassifier({ ...layersOf(settings), ...options }));
  const input = {
    kind: 'video-classification',
    per: 'clip',
    image: contractOf(size, 'bytes'),
    frames: null,
    rate: null,
    maxFrames: Math.max(1, ...all.map(({ data }) => data.length / bytes)),
  } as const;
  const shown = rest.slice(0, shownClips);
  return {
    model,
    task: classifyTask(model, { train: encoded(train), validation: encoded(rest), batchSize: batch, seed }),
    examples: all.length,
    symbols: labels.length,
    pictures: shown.map(({ data }) => strip(data, size)),
    parts: { task: 'video', config: model.config, input, contents: { labels } },
    heldOut: () => ({
      kind: 'table',
      head: ['clip', 'label'],
      rows: rest.map(({ label }, n) => [String(n), label]),
      images: rest.map(({ data }) => clipImage(data, size)),
      clips: true,
    }),
    async show() {
      const pipeline = videoClassificationOf(model, { labels, input });
      if (pipeline.per !== 'clip') throw new Error('a classifier of clips');
      const found = await pipeline.predict(
        shown.map(({ data }) => ({ frames: framesOf(clipImage(data, size)) })),
        { topK: 1 },
      );
      const text = found
        .map(({ label, score }, n) => marked(label === shown[n].label, `${label} ${score.toFixed(2)}`))
        .join('\n');
      return { text };
    },
  };
}
