// What a captioner says of image files, and where it looked.

import { OptionError, type ImageFeatureSet, toFloats } from 'unrolled';
import { checkDrawing } from '../pages/drawing.ts';
import {
  backgroundOf,
  decodeImage,
  fileBytes,
  type Fit,
  linesOf,
  imageSettings,
  readWholeText,
} from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { draw, type Drawn } from './draw.ts';
import { restoreCaptioner, sayAll } from './model.ts';
import type { CaptionConfig } from './kind.ts';

export async function* predictCaption(
  saved: SavedRun<CaptionConfig>,
  { file, beams, draw: drawing }: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { model, words, config } = restoreCaptioner(saved);
  if (!model.encoder)
    throw new OptionError(
      'predict',
      saved.path,
      'learnt from features of another network, and reads no images; measure it with eval',
    );
  if (drawing !== null) checkDrawing(drawing);
  const files = file === null ? inputs : linesOf(readWholeText(file)).filter((line) => line !== '');
  if (files.length === 0)
    throw new OptionError('predict', 'images', 'name one image or more, or --file with a list of them');
  const { size, fit, background } = config.data.read;
  const settings = imageSettings({
    height: size,
    width: size,
    fit: fit as Fit,
    background: backgroundOf(background),
  });
  const drawn: Drawn[] = [];
  for (const name of files) {
    const image = await decodeImage(await fileBytes(name), name, settings);
    const shape = [1, size, size, 3];
    const one: ImageFeatureSet = {
      count: 1,
      read: async () => ({ values: toFloats(image.data, shape), shape: [1, 3, size, size] }),
    };
    const [predicted] = await sayAll(model, words, one, undefined, beams);
    if (drawing !== null) drawn.push({ name, predicted, image });
    const { caption, logProbability } = predicted;
    const looked = predicted.weights
      ? {
          words: predicted.words,
          attention: predicted.weights.map((row) => Array.from(row, (v) => Number(v.toPrecision(4)))),
        }
      : {};
    yield {
      result: { image: name, caption, logProbability, ...looked },
      lines: [files.length === 1 ? caption : `${name}\t${caption}`],
    };
  }
  if (drawing === null) return;
  for (const path of await draw(model, drawing, drawn, 'What is in these images')) warn(`drawn: ${path}`);
}
