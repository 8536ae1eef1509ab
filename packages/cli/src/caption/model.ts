// A captioner with its words: restored from a run, and asked about images.

import { Captioner, captionAll, type ImageFeatureSet, Tokenizer } from 'unrolled';
import type { SavedRun } from '../runs/kind.ts';
import type { CaptionConfig } from './kind.ts';

export interface LoadedCaptioner {
  readonly model: Captioner;
  readonly words: Tokenizer;
  readonly config: CaptionConfig;
}

export function restoreCaptioner(saved: SavedRun<CaptionConfig>): LoadedCaptioner {
  const { path } = saved;
  const { config } = saved;
  const model = new Captioner(config.model);
  model.loadStateDict(saved.weights, path);
  const words = Tokenizer.fromJSON(saved.readJSON('tokenizer'), `${path}/tokenizer.json`);
  return { model: model.eval(), words, config };
}

/** What was said of an image. */
export interface Said {
  readonly caption: string;
  readonly logProbability: number;
  /** Its words and the end, and where each looked; null without attention. */
  readonly words: readonly string[];
  readonly weights: readonly Float32Array[] | null;
}

export async function sayAll(
  model: Captioner,
  words: Tokenizer,
  images: ImageFeatureSet,
  which: ArrayLike<number> | undefined,
  beams: number,
): Promise<Said[]> {
  const found = await captionAll(model, images, which, {
    beams,
    lengthPenalty: beams > 1 ? 0.7 : 0,
    suppressTokens: [words.pad, words.unknown],
  });
  return found.map(([{ ids, logProbability, attention, ended }]) => ({
    caption: words.decode(ids),
    logProbability: Number(logProbability.toPrecision(6)),
    words: [...Array.from(ids, (id) => words.token(id)), ...(ended ? ['(end)'] : [])],
    weights: attention,
  }));
}

/** Rows and columns of the regions that attention is over. */
export function mapOf({ encoder }: Captioner, regions: number): readonly [number, number] {
  if (encoder) return encoder.mapSize;
  const side = Math.round(Math.sqrt(regions));
  return side * side === regions ? [side, side] : [1, regions];
}
