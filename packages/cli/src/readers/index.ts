// From files of any format to rows of texts.

export { chooseColumns, type Wish } from './columns.ts';
export { linesOf, readLabelledFolder, readPairs, readWholeText } from './lines.ts';
export { type BadRows, badRowChoices, type Place, Skipped } from './skipped.ts';
export { expand, type Row, Table, type TableOptions } from './table.ts';
