// Labeling video, as the machinery of runs sees it.

import {
  type Augment,
  type CellName,
  type ConvNetOptions,
  classifyTask,
  OptionError,
  type Pooling,
  tagTask,
  VideoClassifier,
  type VideoClassifierConfig,
  type VideoClassifierOptions,
  VideoTagger,
  type VideoTaggerConfig,
  type VideoTaggerOptions,
} from 'unrolled';
import { augment } from 'unrolled/data';
import { videoClassificationOf } from 'unrolled/pipelines';
import { shellPath } from '../shell.ts';
import type { Values } from '../command-line/options.ts';
import { spread } from '../examples/spread.ts';
import { augmentOf, changesIn, type ImageChanges, symmetriesOf } from '../images/augmentation.ts';
import { encoderFor, encoderRow, isComputedOnce, withEncoderRate } from '../images/encoding.ts';
import { encodedImages } from '../images/features.ts';
import { convNetOf, describeConvNet } from '../images/options.ts';
import { type Pretrained, readPretrained } from '../images/pretrained.ts';
import { baselineRow, majorityBaseline } from '../runs/baseline.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { grouped } from '../terminal/index.ts';
import { classifyClips, tagClips } from './answers.ts';
import type { VideoConfig, VideoSettings } from './config.ts';
import {
  type ClipData,
  clipData,
  type ClipSource,
  labeledClips,
  taggedClips,
  type Video,
  videoInput,
  viewsOf,
} from './data.ts';
import { evaluateVideo } from './evaluate.ts';
import { videoOptions } from './options.ts';
import { predictVideo } from './predict.ts';
import { clipPage, framePage, showClips, showFrames } from './view.ts';
import { t } from '../language/index.ts';

type VideoValues = Values<typeof videoOptions>;

export const video: TaskKind<VideoConfig, typeof videoOptions, VideoClassifier | VideoTagger> = {
  name: 'video',
  summary: 'train a video classifier, per clip or per frame',
  args: [['[clips...]', 'a folder with one subfolder of clips per label, or a table of clips and labels']],
  options: videoOptions,
  examples: [
    'unrolled train video gestures',
    'unrolled train video clips.csv --clips videos --group person --frames 24',
    'unrolled train video clips.jsonl --per-frame --rate 10',
    'unrolled train video gestures --encoder mobilenet.onnx',
    'unrolled train video clips.csv --features resnet.safetensors',
    'unrolled train video --demo clips',
  ],
  counts: 'labels',
  async prepare(values, paths, say) {
    const { demo, perFrame, frames, rate, background, fit, clips, video, label, frameLabels, group, groupPattern } =
      values;
    const { features, validationFeatures } = values;
    if (features !== null && values.validation !== null && validationFeatures === null)
      throw new OptionError('train video', 'validation-features', 'the clips of --validation need features too');
    const pretrained = await readPretrained('train video', values, values.size);
    const size = pretrained?.encoder.config.inputSize[0] ?? values.size ?? (demo ? 32 : 48);
    const { split, where, header, badRows, validation, valFrac, seed } = values;
    const columns = { clip: video, label, frameLabels, group };
    const where_ = { where, header, badRows, validation, valFrac, seed };
    const read = {
      paths,
      demo,
      perFrame,
      frames,
      rate,
      size,
      background,
      fit,
      clips,
      columns,
      groupPattern,
      split,
      ...where_,
      ...(features === null ? {} : { features, validationFeatures }),
    };
    return prepareVideo(await clipData(read, say), read, values, pretrained, say);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => {
    const { example } = prepared.data;
    return [...(example ? [`predict ${run} ${shellPath(example)}`] : []), `eval ${run}`];
  },
  evaluates: ['file', 'text', 'where', 'badRows', 'clips', 'features'],
  predicts: ['file', 'where', 'clips', 'features', 'badRows', 'topK', 'draw'],
  evaluate: evaluateVideo,
  predict: predictVideo,
};

async function prepareVideo(
  data: ClipData,
  read: ClipSource,
  values: VideoValues,
  pretrained: Pretrained | null,
  say: (text: string) => void,
): Promise<Prepared<VideoConfig, VideoClassifier | VideoTagger>> {
  const { perFrame } = read;
  const labels = [...new Set(data.train.flatMap((f) => (perFrame ? f.frameLabels : [f.label])))].sort();
  const known = ({ label, frameLabels }: Video) => (perFrame ? frameLabels : [label]).every((l) => labels.includes(l));
  const validation = data.validation.filter(known);
  const unknown = data.validation.length - validation.length;
  const changes = changesIn(values);
  const once = isComputedOnce(pretrained, changes);
  const see = (videos: readonly Video[]) =>
    once ? withFeatures(pretrained, summaryOf(values), videos, read.size, say) : videos;
  const held = await see(validation);
  const shown = held.length > 0 ? held : await see(data.train);
  const { name, source, sha256 } = data;
  const [first] = data.train;
  const featureSize = first.features && first.features.length / first.frames;
  const page = `${values.out ?? `runs/${name}`}/clips.html`;
  const input = videoInput(read);
  const { batch, labelSmoothing } = values;
  const views = viewsOf(data.train, read.size, symmetriesOf(changes));
  const learned = { ...views, videos: await see(views.videos) };
  const settings: VideoSettings = {
    batch,
    ...changes,
    ...(labelSmoothing > 0 ? { labelSmoothing } : {}),
    ...(values.fineTune ? { cnnRate: values.cnnRate } : {}),
  };
  const [trained, kept] = [data.train, validation].map((clips) =>
    clips.flatMap(({ label, frameLabels }) => (perFrame ? frameLabels : [label])),
  );
  const baseline = majorityBaseline(trained, kept, 'train for longer, or with more --frames or a larger --size');
  const lengths = [...data.train, ...validation].map(({ frames }) => frames);
  const warnings = [
    ...data.warnings,
    ...(learned.left > 0
      ? [t`${grouped(learned.left)} mirrored clips would have a label that no clip has, and were left out`]
      : []),
    ...(unknown > 0
      ? [t`${grouped(unknown)} clips to validate have labels that training does not have and were left out`]
      : []),
  ];
  return {
    name,
    model: modelConfig(values, read.size, labels.length, pretrained, featureSize),
    settings,
    contract: { type: perFrame ? 'video-tagger' : 'video-classifier', input },
    data: { source, sha256, clips: lengths.length, read, example: shown[0].file },
    contents: { labels },
    warnings,
    mostEpochs: 60,
    samples: 0,
    best: validation.length > 0 ? 'accuracy' : 'loss',
    baseline,
    make(config) {
      const options = pretrained ? { ...config.model, convNet: encoderFor(pretrained) } : config.model;
      const model = makeModel(options, perFrame);
      model.encoder.readsFeatures = once;
      const training = {
        batchSize: batch,
        seed: config.training.seed,
        labelSmoothing,
        augment: changed(changes, read.size),
      };
      const task =
        model instanceof VideoTagger
          ? tagTask(model, {
              train: taggedClips(learned.videos, labels),
              validation: held.length > 0 ? taggedClips(held, labels) : null,
              ...training,
            })
          : classifyTask(model, {
              train: labeledClips(learned.videos, labels),
              validation: held.length > 0 ? labeledClips(held, labels) : null,
              ...training,
            });
      return { model, task: withEncoderRate(task, model.encoder.convNet, values) };
    },
    introduce(model, { training }) {
      const { cell, numLayers, hiddenSize, bidirectional, convNet } = model.config;
      const [fewest, most] = [Math.min(...lengths), Math.max(...lengths)];
      const frames = fewest === most ? `${most}` : t`${fewest} to ${most}`;
      const directions = bidirectional ? t(', both directions') : '';
      const some = labels.slice(0, 6).join(', ');
      return [
        [
          t('clips'),
          featureSize === null
            ? t`${grouped(learned.videos.length)} to learn, ${grouped(validation.length)} to validate, ${frames} frames of ${read.size} × ${read.size}`
            : t`${grouped(learned.videos.length)} to learn, ${grouped(validation.length)} to validate, ${frames} frames of ${grouped(featureSize)} features`,
        ],
        ...(pretrained ? encoderRow(pretrained, changes) : []),
        ...baselineRow(baseline),
        [
          t('labels'),
          `${labels.length > 6 ? `${labels.length}: ${some}, …` : some}${perFrame ? t(', one a frame') : ''}`,
        ],
        [
          t('model'),
          pretrained || !convNet
            ? t`${cell}, ${numLayers} × ${hiddenSize} units${directions}, ${grouped(model.parameterCount())} parameters`
            : t`convolutions ${describeConvNet(convNet as ConvNetOptions)} → ${cell}, ${numLayers} × ${hiddenSize} units${directions}, ${grouped(model.parameterCount())} parameters`,
        ],
        [t('steps'), t`${grouped(training.steps)} of ${values.batch} clips`],
      ];
    },
    async showcase(model) {
      const videos = spread(shown, 12);
      const pipeline = videoClassificationOf(model, { labels, input });
      const title = validation.length > 0 ? t('clips of the validation part') : t('clips of the training part');
      const line = `${t(source)}: ${title}`;
      if (pipeline.per === 'frame') {
        const answers = await tagClips(pipeline, videos);
        return showFrames({ title, answers, videos, page: framePage(page, line, answers, videos, read.size) });
      }
      const answers = await classifyClips(pipeline, videos, 3);
      return showClips({ title, answers, videos, page: clipPage(page, line, answers, videos, read.size) });
    },
  };
}

/** What is read of a feature map. */
const summaryOf = ({ summary, encoder }: VideoValues) =>
  (summary ?? (encoder === null ? 'map' : 'pooled')) as 'map' | 'pooled';

/** The clips with what a pretrained network makes of their frames. */
async function withFeatures(
  { encoder }: Pretrained,
  form: 'map' | 'pooled',
  videos: readonly Video[],
  size: number,
  say: (text: string) => void,
): Promise<Video[]> {
  const bytes = size * size * 3;
  const places = videos.flatMap(({ frames }, n) => Array.from({ length: frames }, (_, t) => [n, t] as const));
  const all = await encodedImages(
    encoder,
    form,
    {
      count: places.length,
      read: async (which) =>
        Buffer.concat(
          which.map((k) => {
            const [n, t] = places[k];
            return videos[n].pixels.subarray(t * bytes, (t + 1) * bytes);
          }),
        ),
    },
    { say },
  );
  let from = 0;
  const found: Video[] = [];
  for (const video of videos) {
    const which = Array.from({ length: video.frames }, (_, t) => from + t);
    found.push({ ...video, features: await all.read(which) });
    from += video.frames;
  }
  return found;
}

/** Changes of a clip, the same for all of its frames; null for none. */
function changed(changes: ImageChanges, size: number): Augment | null {
  const options = augmentOf(changes);
  if (!options) return null;
  return (clip, random) => {
    const bytes = clip as Uint8Array;
    return augment(bytes, [1, bytes.length / (3 * size * size), size, size, 3], options, random);
  };
}

/** A tagger's or a classifier's options, as `perFrame` chose them. */
function makeModel(
  options: VideoTaggerOptions | VideoClassifierOptions,
  perFrame: boolean,
): VideoClassifier | VideoTagger {
  return perFrame
    ? new VideoTagger(options as VideoTaggerOptions)
    : new VideoClassifier(options as VideoClassifierOptions);
}

function modelConfig(
  values: VideoValues,
  size: number,
  classes: number,
  pretrained: Pretrained | null,
  featureSize: number | null,
): VideoClassifierConfig | VideoTaggerConfig {
  const { hidden, layers, dropout, bidirectional, perFrame } = values;
  const shared = {
    convNet: featureSize === null ? (pretrained?.encoder ?? convNetOf('train video', { ...values, size })) : null,
    featureSize,
    summary: summaryOf(values),
    change: pretrained || featureSize !== null ? false : values.change,
    classes,
    cell: values.cell as CellName,
    hiddenSize: hidden,
    numLayers: layers,
    dropout,
    ...recurrentDropoutOf(values),
    bidirectional,
  };
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  if (perFrame) return new VideoTagger(shared).config;
  return new VideoClassifier({ ...shared, pooling: values.pooling as Pooling }).config;
}
