export { type BracketsOptions, makeBrackets } from './brackets.ts';
export { type DatesOptions, makeDates } from './dates.ts';
export type { LabelledText, TaggedText, TextPair } from './made.ts';
export { makeNumberWords, type NumberLanguage, numberToWords, type NumberWordsOptions } from './number-words.ts';
export { makeReversals, type ReversalsOptions } from './reversals.ts';
export { makeSentiment, type SentimentOptions } from './sentiment.ts';
export { makeSines, type SinesOptions } from './sines.ts';
export { makeSums, type SumsOptions } from './sums.ts';
export { type MadeData, madeData, type MadeName, madeNames } from './table.ts';
