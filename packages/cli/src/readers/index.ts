// From files of any format to rows of texts, images and clips.

export { type CaptionData, type Captioned, readCaptions } from './captions.ts';
export { chooseColumns, namesIn, usualColumn, usualNames, type Wish } from './columns.ts';
export { type ConllOptions, looksLikeConll, readConll, readConllTokens } from './conll.ts';
export {
  type ClipFeatures,
  clipFeaturesIn,
  type Features,
  featuresIn,
  type NamedFeatures,
  readClipFeatures,
  readFeatures,
} from './features.ts';
export { linesOf, readLabeledFolder, readPairs, readWholeText, unpacked } from './lines.ts';
export { isBrokenList, listIn } from './lists.ts';
export { type Part, type ImagedOptions, imageNames, tidyLabel } from './image-rows.ts';
export * from './images/index.ts';
export { type Decimal, decimals, describeGaps, type Gap, NumberColumn } from './number-column.ts';
export { isArrayFile, type NumberArray, readArrays } from './number-arrays.ts';
export { type Asked, type QuestionData, readQuestions } from './questions.ts';
export { type BadRows, badRowChoices, type Place, Skipped, tooLong } from './skipped.ts';
export { expand } from './glob.ts';
export { isTable, type Row, Table, type TableOptions } from './table.ts';
export { linesOfFile } from './vectors.ts';
export * from './video/index.ts';
