// Opens a run from anywhere: a union on `task`. Each task's file is loaded when a run of it is opened, so that a page loads no more
// than it needs; a program that knows the task beforehand imports its function (`textClassification`) and bundles nothing else.

import type { InputContract, TaskName } from './contract/input.ts';
import type { ImageToTextPipeline } from './image-to-text.ts';
import { type OpenedRun, type OpenRunOptions, readRun } from './run.ts';
import { filesOf, type RunSource } from './sources/index.ts';
import type { TensorsPipeline } from './tensors.ts';
import type { TextClassificationPipeline } from './text-classification.ts';
import type { TextGenerationPipeline } from './text-generation.ts';
import type { TimeSeriesClassificationPipeline } from './time-series-classification.ts';
import type { TimeSeriesForecastingPipeline } from './time-series-forecasting.ts';
import type { TokenClassificationPipeline } from './token-classification.ts';
import type { TranslationPipeline } from './translation.ts';
import type { VideoClassificationPipeline } from './video-classification.ts';
import type { VisualQuestionAnsweringPipeline } from './visual-question-answering.ts';

/** An open run. Its `task` says what it can do: `if (run.task === 'text-classification') await run.predict(texts)`. */
export type Pipeline =
  | TextGenerationPipeline
  | TextClassificationPipeline
  | TokenClassificationPipeline
  | TranslationPipeline
  | ImageToTextPipeline
  | VisualQuestionAnsweringPipeline
  | VideoClassificationPipeline
  | TimeSeriesForecastingPipeline
  | TimeSeriesClassificationPipeline
  | TensorsPipeline;

type Make = (run: OpenedRun) => Promise<Pipeline>;

const makers: Record<TaskName, () => Promise<Make>> = {
  'text-generation': async () => (await import('./text-generation.ts')).makeTextGeneration,
  'text-classification': async () => (await import('./text-classification.ts')).makeTextClassification,
  'token-classification': async () => (await import('./token-classification.ts')).makeTokenClassification,
  translation: async () => (await import('./translation.ts')).makeTranslation,
  'image-to-text': async () => (await import('./image-to-text.ts')).makeImageToText,
  'visual-question-answering': async () => (await import('./visual-question-answering.ts')).makeVisualQuestionAnswering,
  'video-classification': async () => (await import('./video-classification.ts')).makeVideoClassification,
  'time-series-forecasting': async () => (await import('./time-series-forecasting.ts')).makeTimeSeriesForecasting,
  'time-series-classification': async () =>
    (await import('./time-series-classification.ts')).makeTimeSeriesClassification,
  tensors: async () => (await import('./tensors.ts')).makeTensors,
};

/**
 * Opens a run: a folder's path in Node; in a page a URL, a dropped folder, a zip; files from anywhere.
 *
 *     const reviews = await openRun('runs/reviews');
 *     if (reviews.task === 'text-classification') {
 *       const [answer] = await reviews.predict(['not bad at all'], { topK: 3 });   // { label, score, scores }
 *     }
 *
 * In a page the WASM backend is loaded if none was chosen. Rejects with a RunError that says what is missing, damaged or newer than this library.
 */
export async function openRun(where: RunSource, options: OpenRunOptions = {}): Promise<Pipeline> {
  const run = await readRun(await filesOf(where), options);
  const make = await makers[run.part.input.kind]();
  return make(run);
}

/** A run of one task: what the exported functions of the tasks are made of. */
export type OpenTask<P, O extends OpenRunOptions = OpenRunOptions> = (where: RunSource, options?: O) => Promise<P>;

export type { InputContract };
