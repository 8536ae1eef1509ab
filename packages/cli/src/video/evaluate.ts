// How good a saved model of video is: label by label, by its confusion matrix, and with the frames of each clip in another order.

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { evaluateClassifier, evaluateTagger, type LabelScore, Random } from 'unrolled';
import { confusionMatrix } from 'unrolled/metrics';
import { videoClassification } from 'unrolled/pipelines';
import { ownPart } from '../examples/parts.ts';
import { confusionTable, type LabelResults, labelTable } from '../examples/label-table.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, stderr, table } from '../terminal/index.ts';
import type { VideoConfig } from './config.ts';
import { checkFeatures, clipData, labeledClips, readVideos, taggedClips, type Video } from './data.ts';
import { t } from '../language/index.ts';

const say = (text: string) => void stderr.write(`${t(text)}\n`);

export async function evaluateVideo(saved: SavedRun<VideoConfig>, values: EvaluateValues): Promise<Report> {
  const pipeline = await saved.open(videoClassification);
  const { labels } = pipeline;
  const { videos, source, warnings, folder } = await videosToMeasure(saved.config, labels, values);
  const about = { run: saved.path, step: saved.step, source, folder, clips: videos.length, labels };
  const mixed = reordered(videos, pipeline.model.inputSize);
  if (pipeline.per === 'frame') {
    const data = taggedClips(videos, labels);
    const { loss, metrics, perLabel, predictions } = await evaluateTagger(pipeline.model, data);
    const other = await evaluateTagger(pipeline.model, taggedClips(mixed, labels));
    const [predicted, target] = [predictions.flatMap((p) => [...p]), data.labels.flatMap((l) => Array.from(l))];
    const scores = {
      perLabel: named(labels, perLabel),
      confusion: confusionMatrix(predicted, target, { classes: labels.length }),
    };
    const result = { ...about, loss, ...metrics, reordered: other.metrics.accuracy, ...scores };
    return {
      result,
      warnings,
      lines: () => linesOf(result, 'frame', [t('clips without a mistake'), metrics.exact.toFixed(4)]),
    };
  }
  const data = labeledClips(videos, labels);
  const { loss, metrics, perLabel, predictions } = await evaluateClassifier(pipeline.model, data);
  const other = await evaluateClassifier(pipeline.model, labeledClips(mixed, labels));
  const scores = {
    perLabel: named(labels, perLabel),
    confusion: confusionMatrix(predictions, data.labels, { classes: labels.length }),
  };
  const result = { ...about, loss, ...metrics, reordered: other.metrics.accuracy, ...scores };
  return { result, warnings, lines: () => linesOf(result, 'clip', null) };
}

async function videosToMeasure(config: VideoConfig, labels: readonly string[], values: EvaluateValues) {
  const { data } = config;
  const { read } = data;
  const { file, where, clips, features } = values;
  checkFeatures('eval', read, values, file);
  const known = ({ label, frameLabels }: Video) =>
    (read.perFrame ? frameLabels : [label]).every((l) => labels.includes(l));
  if (file !== null) {
    const { videos, warnings } = await readVideos(
      [file],
      { ...read, where, clips, features, badRows: values.badRows ?? read.badRows },
      say,
    );
    const kept = videos.filter(known);
    const out = videos.length - kept.length;
    const more = out > 0 ? [t`${grouped(out)} clips have labels that training does not have and were left out`] : [];
    const folder = features === null ? (clips ?? folderOf(file)) : null;
    return { videos: kept, source: file, warnings: [...warnings, ...more], folder };
  }
  const own = await clipData(read, say);
  const from = ownPart({ ...own, count: own.validation.length }, data);
  return {
    videos: own.validation.filter(known),
    source: from,
    warnings: [] as string[],
    folder: null,
  };
}

/** Where the clips that a table names are: next to it; a folder of clips is itself. */
function folderOf(path: string): string {
  return statSync(path).isDirectory() ? path : dirname(path);
}

/** The same frames of each clip in a random order, each with its label. */
function reordered(videos: readonly Video[], size: number): Video[] {
  const random = new Random(0).fork('reordered');
  return videos.map((video) => {
    const { pixels, features } = video;
    const order = random.shuffle(Array.from({ length: video.frames }, (_, t) => t));
    return {
      ...video,
      pixels: features ? pixels : inOrder(pixels, order, size),
      features: features && inOrder(features, order, size),
      frameLabels: video.frameLabels.length > 0 ? order.map((t) => video.frameLabels[t]) : [],
    };
  });
}

/** Steps of `size` values in another order. */
function inOrder<T extends Uint8Array | Float32Array>(values: T, order: readonly number[], size: number): T {
  const other = values.slice() as T;
  for (const [k, t] of order.entries()) other.set(values.subarray(t * size, (t + 1) * size), k * size);
  return other;
}

const named = (labels: readonly string[], scores: readonly LabelScore[]) =>
  labels.map((label, c) => ({ label, ...scores[c] }));

interface VideoResult extends LabelResults {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  /** Where the clips of the file are; null for the run's own. */
  readonly folder: string | null;
  readonly clips: number;
  readonly labels: readonly string[];
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly reordered: number;
}

function linesOf(r: VideoResult, unit: string, more: readonly string[] | null): string[] {
  const lines = table([
    [t('accuracy'), t`${r.accuracy.toFixed(4)} of ${t(unit)}s`],
    [t('frames in another order'), t`${r.reordered.toFixed(4)}   (accuracy without their order)`],
    [t('macro F1'), r.macroF1.toFixed(4)],
    ...(more ? [more] : []),
    [t('loss'), t`${r.loss.toFixed(4)} nats per ${t(unit)}`],
    [t('measured on'), t`${grouped(r.clips)} clips of ${t(r.source)}`],
    ...(r.folder === null ? [] : [[t('clips'), t`read from ${r.folder}`]]),
    [t('weights'), t`${r.run}, step ${r.step}`],
  ]);
  const seen = r.perLabel.filter(({ count }) => count > 0);
  lines.push('', ...labelTable('label', seen), '');
  return [...lines, ...confusionTable(r.confusion, r.labels)];
}
