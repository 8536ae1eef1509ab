// From files of any format to rows of texts, pictures and clips.

export { type CaptionData, type Captioned, readCaptions } from './captions.ts';
export { chooseColumns, type Wish } from './columns.ts';
export { type ConllOptions, looksLikeConll, readConll } from './conll.ts';
export { type Features, readFeatures } from './features.ts';
export { linesOf, readLabelledFolder, readPairs, readWholeText } from './lines.ts';
export { isBrokenList, listIn } from './lists.ts';
export { type Part, type PicturedOptions, pictureNames, tidyLabel } from './pictured.ts';
export * from './pictures/index.ts';
export { type Asked, type QuestionData, readQuestions } from './questions.ts';
export { type BadRows, badRowChoices, type Place, Skipped, tooLong } from './skipped.ts';
export { expand } from './glob.ts';
export { isTable, type Row, Table, type TableOptions } from './table.ts';
export * from './video/index.ts';
