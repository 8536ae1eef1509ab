export { accuracy, type ClassScore, confusionMatrix, f1, type LabelOptions } from './classification.ts';
export { calibrationError, type CalibrationBin } from './calibration.ts';
export { bleu, type BleuOptions, type BleuScore, tokenize13a } from './bleu.ts';
export { chrf, type ChrfOptions } from './chrf.ts';
export { ciderD } from './cider.ts';
export { editDistance, errorRate, exactMatch, perplexity, type Symbols } from './edit-distance.ts';
export { meteorExact, rougeL } from './rouge.ts';
export type { References } from './check.ts';
export { vqaAccuracy } from './vqa.ts';
