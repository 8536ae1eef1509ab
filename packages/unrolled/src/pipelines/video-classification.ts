// Video classification, of clips or of every frame. Which frames of a clip a model reads is part of its input contract.

import { checkOptions, OptionError } from '../errors.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { classify } from '../inference/classify.ts';
import { tag } from '../inference/tag.ts';
import { VideoClassifier } from '../models/video/video-classifier.ts';
import { VideoTagger } from '../models/video/video-tagger.ts';
import type { VideoClassificationInput } from './contract/input.ts';
import {
  type FrameLabel,
  type FrameSession,
  type FrameSessionOptions,
  frameSessions,
  type VideoClassificationParts,
} from './frame-session.ts';
import { chosenFrames } from './frames.ts';
import { encoderOf } from './image-encoder.ts';
import { defaultDecoder } from './images/decoders.ts';
import { type ImageDecoder, type ImageInput, pixelsOf } from './images/image.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { requireModel } from './require-model.ts';
import { checkTopK, type LabelScore, type LabelSegment, ranked, segmentsOf } from './scores.ts';
import type { ClassificationOptions } from './text-classification.ts';

/** Frames in order, or their features. */
export interface VideoInput {
  readonly frames?: readonly ImageInput[];
  /** For a model that reads features of another network: those of all frames, one after the other. */
  readonly features?: ArrayLike<number>;
  /** Frame rate, for models that sample frames by time. Default 25. */
  readonly rate?: number;
}

/** The predicted label of a clip, and the most probable labels. */
export interface ClipClassification extends LabelScore {
  readonly scores: readonly LabelScore[];
}

/** The labels of a clip frame by frame, and its segments. */
export interface FrameClassification {
  readonly frames: readonly FrameLabel[];
  /** The same labels as segments: a timeline. */
  readonly segments: readonly LabelSegment[];
}

interface VideoPipeline<Per extends 'clip' | 'frame', Model, Result> {
  readonly task: 'video-classification';
  readonly per: Per;
  readonly info: RunInfo;
  readonly input: VideoClassificationInput;
  readonly labels: readonly string[];
  readonly model: Model;
  predict(clips: VideoInput | readonly VideoInput[], options?: ClassificationOptions): Promise<Result[]>;
}

/** A model that labels clips. */
export type ClipClassificationPipeline = VideoPipeline<'clip', VideoClassifier, ClipClassification>;

/** A model that labels every frame. */
export interface FrameClassificationPipeline extends VideoPipeline<'frame', VideoTagger, FrameClassification> {
  /** Whether it reads in one direction and every frame, so that `session` is possible. */
  readonly streams: boolean;
  /** A clip that comes frame by frame. Throws an OptionError for a model that needs whole clips. */
  session(options?: FrameSessionOptions): FrameSession;
  /** A session where `state` stood. Throws a RunError for bytes that are not a state of this model. */
  resume(state: Uint8Array): FrameSession;
}

/** A union on `per`. */
export type VideoClassificationPipeline = ClipClassificationPipeline | FrameClassificationPipeline;

const who = 'video-classification';

export async function makeVideoClassification(run: OpenedRun): Promise<VideoClassificationPipeline> {
  const input = run.part.input as VideoClassificationInput;
  const withEncoder = await encoderOf(run, 'convNet');
  const model =
    input.per === 'clip'
      ? run.restore((config) => new VideoClassifier(withEncoder(config)))
      : run.restore((config) => new VideoTagger(withEncoder(config)));
  const labels = await run.texts('labels', model.config.classes);
  return videoClassificationOf(model, { labels, input, decodeImage: run.decodeImage }, run.info);
}

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function videoClassificationOf(
  model: VideoClassifier | VideoTagger,
  parts: VideoClassificationParts,
  info: RunInfo = unsaved,
): VideoClassificationPipeline {
  requireModel('videoClassificationOf', model, [VideoClassifier, VideoTagger], parts, {
    labels: 'texts',
    input: 'object',
  });
  const { labels, input, decodeImage } = parts;
  const shared = { task: who, info, input, labels } as const;
  const see = async (clips: VideoInput | readonly VideoInput[], options: ClassificationOptions) => {
    const most = topKOf(options, labels.length);
    const { batchSize = 16, signal } = options;
    const seen = await seeAll({ model, decode: decodeImage ?? defaultDecoder, input, name: info.name }, clips, signal);
    return { seen, most, pixels: seen.map((one) => one.pixels), reading: { batchSize, signal } };
  };
  if (model instanceof VideoTagger) {
    const sessions = frameSessions(model, { labels, input, decodeImage }, info);
    return {
      ...shared,
      per: 'frame',
      model,
      async predict(clips, options = {}) {
        const { seen, most, pixels, reading } = await see(clips, options);
        const found = await tag(model, pixels, reading);
        return found.map(({ scores: p }, n) => {
          const frames = seen[n].numbers.map((frame, t) => {
            const scores = ranked(labels, p, t * labels.length, most);
            return { frame, ...scores[0], scores };
          });
          return { frames, segments: segmentsOf(frames) };
        });
      },
      streams: sessions.streams,
      session: sessions.begin,
      resume: sessions.resume,
    };
  }
  return {
    ...shared,
    per: 'clip',
    model,
    async predict(clips, options = {}) {
      const { seen, most, pixels, reading } = await see(clips, options);
      const p = await classify(model, pixels, reading);
      return seen.map((_, n) => {
        const scores = ranked(labels, p, n * labels.length, most);
        return { ...scores[0], scores };
      });
    },
  };
}

function topKOf(options: ClassificationOptions, labels: number): number {
  checkOptions(who, options, ['topK', 'batchSize', 'signal']);
  return checkTopK(who, options.topK, labels);
}

function listOf(clips: VideoInput | readonly VideoInput[]): readonly VideoInput[] {
  return Array.isArray(clips) ? (clips as readonly VideoInput[]) : [clips as VideoInput];
}

interface SeenClip {
  /** The sampled frames, in order. */
  readonly pixels: ArrayLike<number>;
  /** Their indices in the clip. */
  readonly numbers: readonly number[];
}

/** What reads clips. */
interface Reader {
  readonly model: VideoClassifier | VideoTagger;
  readonly decode: ImageDecoder;
  readonly input: VideoClassificationInput;
  /** The run, for errors. */
  readonly name: string;
}

async function seeAll(
  reader: Reader,
  clips: VideoInput | readonly VideoInput[],
  signal: SignalLike | null | undefined,
): Promise<SeenClip[]> {
  const sampled: SeenClip[] = [];
  for (const [n, clip] of listOf(clips).entries()) {
    throwIfAborted(who, signal);
    sampled.push(Object(clip).features === undefined ? await see(reader, clip, n) : featuresOf(reader, clip, n));
  }
  return sampled;
}

/** Features that were given, as they are. */
function featuresOf({ model, name }: Reader, { features }: VideoInput, n: number): SeenClip {
  if (model.encoder.convNet && !model.encoder.readsFeatures)
    throw new OptionError(who, name, 'learned from frames and reads no features; give { frames: […] }');
  const pixels = features as ArrayLike<number>;
  const size = model.inputSize;
  if (!(pixels.length > 0) || pixels.length % size !== 0)
    throw new OptionError(who, `clip ${n}`, `expected ${size} features a frame, got ${pixels.length} numbers`);
  return { pixels, numbers: Array.from({ length: pixels.length / size }, (_, t) => t) };
}

async function see({ decode, input, name }: Reader, clip: VideoInput, n: number): Promise<SeenClip> {
  const { frames, rate } = Object(clip) as VideoInput;
  const { image } = input;
  if (!image)
    throw new OptionError(who, name, 'learned from features of another network and reads no frames; give { features }');
  if (!Array.isArray(frames) || frames.length === 0)
    throw new OptionError(who, `clip ${n}`, 'expected { frames: […] } with at least one frame');
  const numbers = chosenFrames(frames.length, rate ?? 25, input);
  const size = image.height * image.width * 3;
  const pixels = new Uint8Array(numbers.length * size);
  const decoded = new Map<number, Uint8Array>();
  for (const [t, number] of numbers.entries()) {
    let frame = decoded.get(number);
    if (!frame) {
      frame = await pixelsOf(frames[number], image, `clip ${n}, frame ${number}`, decode);
      decoded.clear(); // a frame is taken twice in a row at most
      decoded.set(number, frame);
    }
    pixels.set(frame, t * size);
  }
  return { pixels, numbers };
}
