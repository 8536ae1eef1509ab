export { type CellName, cellNames } from './cells.ts';
export {
  LanguageModel,
  type LanguageModelConfig,
  type LanguageModelOptions,
  type LanguageState,
} from './language-model.ts';
