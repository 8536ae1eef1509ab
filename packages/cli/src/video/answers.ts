// Labels of clips and of frames, from the pipeline, for programs and for people.

import type {
  ClipClassificationPipeline,
  FrameClassificationPipeline,
  LabelSegment,
  VideoClassificationInput,
  VideoInput,
} from 'unrolled/pipelines';
import { rounded, type Scored } from '../examples/label-table.ts';
import type { Video } from './data.ts';

/** The predicted label of a clip. */
export interface ClipAnswer {
  readonly clip: string;
  readonly label: string;
  readonly probability: number;
  /** The most probable labels, sorted by probability. */
  readonly probabilities: readonly Scored[];
}

/** The predicted label of every frame of a clip. */
export interface FrameAnswer {
  readonly clip: string;
  readonly labels: readonly string[];
  /** The probability of each label. */
  readonly confidence: readonly number[];
  /** The same as stretches of one label. */
  readonly segments: readonly LabelSegment[];
}

type Clip = Pick<Video, 'name' | 'pixels' | 'features'>;

export async function classifyClips(
  pipeline: ClipClassificationPipeline,
  clips: readonly Clip[],
  top: number,
): Promise<ClipAnswer[]> {
  const found = await pipeline.predict(inputsOf(clips, pipeline.input), { topK: top });
  return found.map(({ scores }, n) => {
    const probabilities = scores.map(rounded);
    const [{ label, score }] = probabilities;
    return { clip: clips[n].name, label, probability: score, probabilities };
  });
}

export async function tagClips(pipeline: FrameClassificationPipeline, clips: readonly Clip[]): Promise<FrameAnswer[]> {
  const found = await pipeline.predict(inputsOf(clips, pipeline.input), { topK: 1 });
  return found.map(({ frames, segments }, n) => ({
    clip: clips[n].name,
    labels: frames.map(({ label }) => label),
    confidence: frames.map(({ score }) => Number(score.toPrecision(4))),
    segments,
  }));
}

/** The frames that were chosen when the clips were read, at the rate that the model sees: all of them are taken. */
function inputsOf(clips: readonly Clip[], { image, rate }: VideoClassificationInput): VideoInput[] {
  const { height = 0, width = 0 } = image ?? {};
  const bytes = height * width * 3;
  return clips.map(({ pixels, features }) =>
    features
      ? { features }
      : {
          frames: Array.from({ length: pixels.length / bytes }, (_, t) => ({
            height,
            width,
            data: pixels.subarray(t * bytes, (t + 1) * bytes),
          })),
          ...(rate === null ? {} : { rate }),
        },
  );
}
