export { addingProblem } from './adding.ts';
export { copyProblem } from './copy.ts';
export { type ParityOptions, parityProblem } from './parity.ts';
export type { BatchRequest, MemoryBatch, MemoryProblem } from './problem.ts';
export {
  embeddedReberNext,
  embeddedReberProblem,
  embeddedReberString,
  isEmbeddedReber,
  reberSymbols,
} from './reber.ts';
export { type MemoryEntry, type MemoryName, memoryNames, memoryProblems } from './table.ts';
export { type TemporalOrderOptions, temporalOrderProblem, temporalOrderSymbols } from './temporal-order.ts';
