// One function per task, for programs that know what they open: a bundler includes only the used ones. Each rejects with a RunError for a run of
// another task.

import type { TaskName } from './contract/input.ts';
import { makeImageToText } from './image-to-text.ts';
import type { OpenTask } from './open-run.ts';
import { RunError } from './run-error.ts';
import { type OpenedRun, type OpenRunOptions, readRun } from './run.ts';
import { filesOf } from './sources/index.ts';
import { makeTensors } from './tensors.ts';
import { makeTextClassification } from './text-classification.ts';
import { makeTextGeneration } from './text-generation.ts';
import { makeTimeSeriesClassification } from './time-series-classification.ts';
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

/** Opens a run that generates text; throws a RunError for a run of another task. */
export const textGeneration = /* @__PURE__ */ opener('text-generation', makeTextGeneration);
/** Opens a run that classifies texts; throws a RunError for a run of another task. */
export const textClassification = /* @__PURE__ */ opener('text-classification', makeTextClassification);
/** Opens a run that tags tokens; throws a RunError for a run of another task. */
export const tokenClassification = /* @__PURE__ */ opener('token-classification', makeTokenClassification);
/** Opens a run that translates; throws a RunError for a run of another task. */
export const translation = /* @__PURE__ */ opener('translation', makeTranslation);
/** Opens a run that captions images; throws a RunError for a run of another task. */
export const imageToText = /* @__PURE__ */ opener('image-to-text', makeImageToText);
/** Opens a run that answers questions about images; throws a RunError for a run of another task. */
export const visualQuestionAnswering = /* @__PURE__ */ opener('visual-question-answering', makeVisualQuestionAnswering);
/** Opens a run that classifies video; throws a RunError for a run of another task. */
export const videoClassification = /* @__PURE__ */ opener('video-classification', makeVideoClassification);
/** Opens a run that forecasts time series; throws a RunError for a run of another task. */
export const timeSeriesForecasting = /* @__PURE__ */ opener('time-series-forecasting', makeTimeSeriesForecasting);
/** Opens a run that classifies number sequences, or their steps; throws a RunError for a run of another task. */
export const timeSeriesClassification = /* @__PURE__ */ opener(
  'time-series-classification',
  makeTimeSeriesClassification,
);
/** Opens a run of a network that reads and gives tensors by name; throws a RunError for a run of another task. */
export const tensors = /* @__PURE__ */ opener('tensors', makeTensors);
