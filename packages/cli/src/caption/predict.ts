// Captions of images, with their attention maps: of files and folders, or of the features of another network.

import { resolve } from 'node:path';
import { OptionError } from 'unrolled';
import {
  type Caption,
  type Hypothesis,
  type ImageContract,
  imageToText,
  type ImageToTextPipeline,
} from 'unrolled/pipelines';
import { checkDrawing } from '../pages/drawing.ts';
import { decodingOf } from '../images/contract.ts';
import { badInputsOf, imagesOf, withoutAnswer } from '../images/inputs.ts';
import { decodeImage, featuresIn, fileBytes, ImageError, inside, linesOf, readWholeText } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import type { CaptionConfig } from './config.ts';
import { type CaptionedFile, draw, wordsOf } from './draw.ts';
import { t } from '../language/index.ts';

export async function* predictCaption(
  saved: SavedRun<CaptionConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(imageToText);
  if (values.nBest > values.beams)
    throw new OptionError('predict', '--n-best', `expected at most --beams ${values.beams}, got ${values.nBest}`);
  if (values.features !== null || pipeline.input.image === null)
    yield* fromFeatures(pipeline, values, inputs, saved.path);
  else yield* fromFiles(pipeline, pipeline.input.image, values, inputs, warn);
}

async function* fromFiles(
  pipeline: ImageToTextPipeline,
  contract: ImageContract,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { file, images, beams, nBest, draw: drawing } = values;
  const settings = decodingOf(contract);
  if (drawing !== null) checkDrawing(drawing);
  const files = file === null ? imagesOf(inputs) : listedIn(file, images);
  if (files.length === 0)
    throw new OptionError(
      'predict',
      'images',
      'name one image or more, a folder of them, or --file with a list of them',
    );
  const bad = badInputsOf(values.badRows, files.length);
  const drawn: CaptionedFile[] = [];
  for (const name of files) {
    try {
      const image = await decodeImage(await fileBytes(name), name, settings); // as for training
      const [caption] = await pipeline.caption(image, { beams, nBest });
      if (drawing !== null) drawn.push({ name, caption, image });
      yield captioned(name, caption, { several: files.length > 1, nBest });
    } catch (error) {
      if (!(error instanceof ImageError) || bad === 'stop') throw error;
      warn(error.message);
      yield withoutAnswer({ image: name }, error.problem);
    }
  }
  if (drawing === null || drawn.length === 0) return;
  for (const path of await draw(drawing, drawn, t('Captions of these images'))) warn(t`drawn: ${path}`);
}

/** The images that a list names, a line each: where they are named from here, or in the folder of --images. */
function listedIn(file: string, folder: string | null): string[] {
  const names = linesOf(readWholeText(file)).filter((line) => line !== '');
  if (folder === null) return names;
  return names.map((name) => {
    const found = inside(folder, name);
    if ('path' in found) return found.path;
    if (found.problem === 'missing') return resolve(folder, name); // told when it is opened
    throw new OptionError('predict', `${file}: ${name}`, `leads out of ${folder}`);
  });
}

async function* fromFeatures(
  pipeline: ImageToTextPipeline,
  { features, file, beams, nBest, draw: drawing }: PredictValues,
  inputs: readonly string[],
  run: string,
): AsyncGenerator<Prediction, void> {
  if (features === null)
    throw new OptionError(
      'predict',
      run,
      'learned from features of another network and reads no images; name the features of the images with --features',
    );
  if (pipeline.input.image !== null)
    throw new OptionError('predict', '--features', 'this run learned from pixels; it reads images');
  if (drawing !== null)
    throw new OptionError('predict', '--draw', 'is for runs that read images: of features there is nothing to draw');
  const names = file === null ? inputs : linesOf(readWholeText(file)).filter((line) => line !== '');
  const set = featuresIn(features, names.length > 0 ? names : null);
  const captions = await pipeline.caption(
    {
      count: set.count,
      read: async (rows) => ({ values: set.read(rows), shape: [rows.length, ...set.shape] }),
    },
    { beams, nBest },
  );
  for (const [n, caption] of captions.entries())
    yield captioned(set.names[n], caption, { several: captions.length > 1, nBest });
}

/** A caption for programs, and for a screen. */
function captioned(
  name: string,
  caption: Caption,
  { several, nBest }: { readonly several: boolean; readonly nBest: number },
): Prediction {
  const { text, logProbability, attention } = caption;
  const attended = attention
    ? { words: wordsOf(caption), attention: attention.map((row) => Array.from(row, (v) => Number(v.toPrecision(4)))) }
    : {};
  const best = caption.hypotheses.map((one) => ({
    caption: one.text,
    score: short(one.score),
    logProbability: short(one.logProbability),
  }));
  const lines = nBest > 1 ? caption.hypotheses.map(scoredLine) : [text];
  return {
    result: {
      image: name,
      caption: text,
      logProbability: short(logProbability),
      ...attended,
      ...(nBest > 1 ? { nBest: best } : {}),
    },
    lines: () => lines.map((line) => (several ? `${name}\t${line}` : line)),
  };
}

const short = (x: number) => Number(x.toPrecision(6));

function scoredLine({ score, text }: Hypothesis): string {
  return `${score.toFixed(3)}\t${text}`;
}
