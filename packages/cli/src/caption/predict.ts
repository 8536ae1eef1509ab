// What a captioner says of picture files, and where it looked.

import { OptionError, type SeenPictures, toFloats } from 'unrolled';
import { checkDrawing } from '../pictures/drawing.ts';
import {
  backgroundOf,
  decodePicture,
  fileBytes,
  type Fit,
  linesOf,
  pictureSettings,
  readWholeText,
} from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { draw, type Drawn } from './draw.ts';
import { restoreCaptioner, sayAll } from './model.ts';

export async function* predictCaption(
  saved: SavedRun,
  { file, beams, draw: drawing }: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { model, words, config } = restoreCaptioner(saved);
  if (!model.encoder)
    throw new OptionError(
      'predict',
      saved.path,
      'learnt from features of another network, and reads no pictures; measure it with eval',
    );
  if (drawing !== null) checkDrawing(drawing);
  const files = file === null ? inputs : linesOf(readWholeText(file)).filter((line) => line !== '');
  if (files.length === 0)
    throw new OptionError('predict', 'pictures', 'name one picture or more, or --file with a list of them');
  const { size, fit, background } = config.data.read;
  const settings = pictureSettings({
    height: size,
    width: size,
    fit: fit as Fit,
    background: backgroundOf(background),
  });
  const drawn: Drawn[] = [];
  for (const name of files) {
    const picture = await decodePicture(await fileBytes(name), name, settings);
    const shape = [1, size, size, 3];
    const one: SeenPictures = {
      count: 1,
      read: async () => ({ values: toFloats(picture.data, shape), shape: [1, 3, size, size] }),
    };
    const [said] = await sayAll(model, words, one, undefined, beams);
    if (drawing !== null) drawn.push({ name, said, picture });
    const { caption, logProbability } = said;
    const looked = said.weights
      ? { words: said.words, attention: said.weights.map((row) => Array.from(row, (v) => Number(v.toPrecision(4)))) }
      : {};
    yield {
      result: { picture: name, caption, logProbability, ...looked },
      lines: [files.length === 1 ? caption : `${name}\t${caption}`],
    };
  }
  if (drawing === null) return;
  for (const path of await draw(model, drawing, drawn, 'What is in these pictures')) warn(`drawn: ${path}`);
}
