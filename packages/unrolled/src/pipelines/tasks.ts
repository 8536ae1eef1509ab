// One function a task, for programs that know what they open: a bundler takes the one that is used. Each rejects with a RunError for a run of
// another task.

import type { TaskName } from './contract/input.ts';
import { makeImageToText } from './image-to-text.ts';
import type { OpenTask } from './open-run.ts';
import { RunError } from './run-error.ts';
import { type OpenedRun, type OpenRunOptions, readRun } from './run.ts';
import { filesOf } from './sources/index.ts';
import { makeTextClassification } from './text-classification.ts';
import { makeTextGeneration } from './text-generation.ts';
import { makeTimeSeriesForecasting } from './time-series-forecasting.ts';
import { makeTokenClassification } from './token-classification.ts';
import { makeTranslation } from './translation.ts';
import { makeVideoClassification } from './video-classification.ts';
import { makeVisualQuestionAnswering } from './visual-question-answering.ts';

function opener<P, O extends OpenRunOptions = OpenRunOptions>(
  task: TaskName,
  make: (run: OpenedRun, options?: O) => Promise<P>,
): OpenTask<P, O> {
  return async (where, options) => {
    const run = await readRun(await filesOf(where), options);
    const { kind } = run.part.input;
    if (kind === task) return make(run, options);
    throw new RunError('task', run.info.name, `is a run of ${kind}, expected ${task}; openRun opens any`);
  };
}

export const textGeneration = /* @__PURE__ */ opener('text-generation', makeTextGeneration);
export const textClassification = /* @__PURE__ */ opener('text-classification', makeTextClassification);
export const tokenClassification = /* @__PURE__ */ opener('token-classification', makeTokenClassification);
export const translation = /* @__PURE__ */ opener('translation', makeTranslation);
export const imageToText = /* @__PURE__ */ opener('image-to-text', makeImageToText);
export const visualQuestionAnswering = /* @__PURE__ */ opener('visual-question-answering', makeVisualQuestionAnswering);
export const videoClassification = /* @__PURE__ */ opener('video-classification', makeVideoClassification);
export const timeSeriesForecasting = /* @__PURE__ */ opener('time-series-forecasting', makeTimeSeriesForecasting);
