// Clips and sequences of numbers as examples: a frame or a row of numbers at every step.

import { type Tensor, tensor, type VideoClassifier, type VideoTagger } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import type { ImageContract, TimeSeriesClassificationPipeline, VideoClassificationPipeline } from 'unrolled/pipelines';
import { type Example, fitting } from './examples-reading.ts';
import { type Labeled, LabelsReading } from './labels-reading.ts';
import { pixelsOf } from './planes.ts';
import type { SeriesRead } from './protocol.ts';
import { type Tagged, TagsReading } from './tags-reading.ts';

const mostFrames = 240;

/** Frames that lie one below the other, square. */
export function framesOf({ height, width, data }: RawImage): RawImage[] {
  const bytes = width * width * 3;
  return Array.from({ length: Math.max(1, Math.floor(height / width)) }, (_, t) => ({
    height: width,
    width,
    data: data.slice(t * bytes, (t + 1) * bytes),
  }));
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, t) => String(t + 1));

interface Clip extends Example {
  readonly frames: readonly RawImage[];
}

function clipOf(frames: readonly RawImage[], contract: ImageContract): Clip {
  const pixels = frames.map((frame) => pixelsOf(frame, contract));
  const size = contract.height * contract.width * 3;
  const source = (): Tensor => {
    const values = new Float32Array(pixels.length * size);
    for (const [t, one] of pixels.entries()) values.set(one, t * size);
    return tensor(values, [pixels.length, 1, size]);
  };
  const { height, width } = contract;
  return {
    tokens: numbered(frames.length),
    between: '',
    source,
    frames: pixels.map((data) => ({ height, width, data })),
  };
}

/** `rows` are frames and the label that a clip has, or the labels that its frames have; null for none. */
export function readClips(
  pipeline: VideoClassificationPipeline,
  rows: readonly (readonly [frames: readonly RawImage[], label: string | readonly string[] | null])[],
): LabelsReading | TagsReading {
  const { labels, input, model } = pipeline;
  const { image } = input;
  if (!image || !model.encoder.convNet)
    throw new Error('this network reads what another one made of frames, and no frames');
  const read = (frames: Tensor) => encoderOf(model).forward(frames);
  let left = mostFrames;
  const some = rows.filter(([frames], k) => (left -= frames.length) >= 0 || k === 0);
  const clips = some.map(([frames, label]) => ({ ...clipOf(frames, image), label }));
  const number = (label: string) => labels.indexOf(label);
  if (pipeline.per === 'frame') {
    const examples = fitting<Clip & Tagged>(
      clips.map((clip) => ({
        ...clip,
        between: ' ',
        tags: clip.tokens.map((_, t) => (Array.isArray(clip.label) ? number(clip.label[t]) : -1)),
      })),
    );
    const frames = examples.flatMap((clip) => clip.frames);
    const { sequence } = pipeline.model;
    return new TagsReading({ model, sequence, read }, examples, labels, { kind: 'frames', frames });
  }
  const examples = fitting<Clip & Labeled>(
    clips.map((clip) => ({ ...clip, label: typeof clip.label === 'string' ? number(clip.label) : -1 })),
  );
  const frames = examples.flatMap((clip) => clip.frames);
  const { sequence } = pipeline.model;
  return new LabelsReading({ model, sequence, read }, examples, labels, { kind: 'clips', frames });
}

const encoderOf = ({ encoder }: VideoClassifier | VideoTagger) => encoder;

/** `rows` of one sequence of numbers, a number for each feature. */
export function readNumbers(
  pipeline: TimeSeriesClassificationPipeline,
  rows: readonly (readonly number[])[],
): LabelsReading | TagsReading {
  const { labels, features, input } = pipeline;
  const some = rows.slice(0, input.maxSteps);
  const { values } = features.encode(Float64Array.from(some.flat()));
  const source = () => tensor(values, [some.length, 1, features.inputSize]);
  const read = (x: Tensor) => x;
  const columns = features.names.map((_, c) => some.map((row) => row[c]));
  const series: SeriesRead = { names: features.names, columns, known: 0, forecast: null };
  const example = { tokens: numbered(some.length), between: ' ', source };
  if (pipeline.per === 'step') {
    const { model } = pipeline;
    const tagged = { ...example, tags: example.tokens.map(() => -1) };
    return new TagsReading({ model, sequence: model, read }, [tagged], labels, { kind: 'steps', series });
  }
  const { model } = pipeline;
  return new LabelsReading({ model, sequence: model, read }, [{ ...example, label: -1 }], labels, {
    kind: 'sequences',
    series,
  });
}
