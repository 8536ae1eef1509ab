// A saved model of video and its labels; what it says of clips.

import {
  classify,
  type LabeledSequences,
  tag,
  type TaggedSequences,
  VideoClassifier,
  type VideoClassifierConfig,
  VideoTagger,
  type VideoTaggerConfig,
} from 'unrolled';
import { ranked, type Scored } from '../examples/label-table.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { SavedRun } from '../runs/kind.ts';
import type { ClipSource, Video } from './data.ts';

export interface VideoSettings {
  readonly batch: number;
}

export type VideoConfig = RunConfig<
  VideoClassifierConfig | VideoTaggerConfig,
  VideoSettings,
  RunData & { readonly clips: number; readonly read: ClipSource; readonly example: string | null }
>;

export interface LoadedVideo {
  readonly model: VideoClassifier | VideoTagger;
  readonly labels: readonly string[];
  readonly config: VideoConfig;
}

/** `pooling` is a classifier's. */
export function makeVideoModel(config: VideoClassifierConfig | VideoTaggerConfig): VideoClassifier | VideoTagger {
  return 'pooling' in config ? new VideoClassifier(config) : new VideoTagger(config);
}

export function restoreVideo(saved: SavedRun<VideoConfig>): LoadedVideo {
  const { config } = saved;
  const model = makeVideoModel(config.model);
  model.loadStateDict(saved.weights, saved.path);
  return { model: model.eval(), labels: saved.readJSON('labels') as string[], config };
}

export function labeledClips(videos: readonly Video[], labels: readonly string[]): LabeledSequences {
  return { sequences: videos.map(({ pixels }) => pixels), labels: videos.map(({ label }) => labels.indexOf(label)) };
}

export function taggedClips(videos: readonly Video[], labels: readonly string[]): TaggedSequences {
  return {
    sequences: videos.map(({ pixels }) => pixels),
    labels: videos.map(({ frameLabels }) => frameLabels.map((label) => labels.indexOf(label))),
  };
}

/** What was said of a clip. */
export interface ClipAnswer {
  readonly clip: string;
  readonly label: string;
  readonly probability: number;
  /** Of the most probable labels, falling. */
  readonly probabilities: readonly Scored[];
}

export async function classifyClips(
  { model, labels }: { readonly model: VideoClassifier; readonly labels: readonly string[] },
  clips: readonly Pick<Video, 'name' | 'pixels'>[],
  top: number,
): Promise<ClipAnswer[]> {
  const p = await classify(
    model,
    clips.map(({ pixels }) => pixels),
  );
  return clips.map(({ name }, n) => {
    const probabilities = ranked(labels, p, n * labels.length, top);
    const [{ label, score }] = probabilities;
    return { clip: name, label, probability: score, probabilities };
  });
}

/** What was said of every frame of a clip. */
export interface FrameAnswer {
  readonly clip: string;
  readonly labels: readonly string[];
  readonly confidence: readonly number[];
}

export async function tagClips(
  { model, labels }: { readonly model: VideoTagger; readonly labels: readonly string[] },
  clips: readonly Pick<Video, 'name' | 'pixels'>[],
): Promise<FrameAnswer[]> {
  const taggings = await tag(
    model,
    clips.map(({ pixels }) => pixels),
  );
  return taggings.map((tagging, n) => ({
    clip: clips[n].name,
    labels: Array.from(tagging.labels, (k) => labels[k]),
    confidence: Array.from(tagging.labels, (k, t) => Number(tagging.scores[t * labels.length + k].toPrecision(4))),
  }));
}
