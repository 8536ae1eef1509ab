// Models from and to other systems. Folder by folder, by hand: what is not named here is not public.

export { type ArrayValues, type ElementType } from './arrays/element.ts';
export { StoredArray } from './arrays/stored-array.ts';
export { type Certificate, certificateName, certificateOf, replay } from './certificate/certificate.ts';
export { certify, type CertifyOptions } from './certificate/certify.ts';
export {
  exportModel,
  type ExportedModel,
  type ExportOptions,
  verifyOutputs,
  verifyWeights,
} from './export-model.ts';
export { verifyNetworks } from './verify-networks.ts';
export { exportedNetwork, type VectorArrays } from './export/export-model.ts';
export type { TestVector, VectorArray, VectorError } from './model/vectors.ts';
export { describeModel, type ModelDescription } from './describe.ts';
export { ConvertError, type ConvertFault } from './errors.ts';
export type { ExportedNetwork } from './export/network.ts';
export type { Format, FormatReader, FormatWriter, ReadOptions, Recognition } from './formats/format.ts';
export { formats } from './formats/registry.ts';
export type { WindowSettings } from './match/text-graph.ts';
export { moduleOf, ownModel, type OwnModel, type OwnTask, ownTasks } from './match/models.ts';
export type { GraphPath, MatrixOf, RecurrentStep, Step } from './match/path.ts';
export {
  type FormatName,
  ImportedModel,
  type ImportedNetwork,
  type LayerSummary,
  type ModelContents,
  type NamedText,
} from './model/imported-model.ts';
export { ConversionReport, type Decision, type Problem, type Skipped, type Warning } from './model/report.ts';
export { readModel } from './read-model.ts';
export type { OwnRunOptions } from './run/given.ts';
export { ownRun } from './run/own-run.ts';
export { type RunParts, tensorsRun } from './run/run-parts.ts';
export { type TextSettings, type Unit, units } from './run/tokens.ts';
export { verifyRun } from './run/verify.ts';
export { type TokenList, vocabularyOf } from './run/vocabulary.ts';
export type { BlobLike, ModelSource } from './source/model-files.ts';
export { writeNetwork, writers, type WrittenFormat, type WrittenModel } from './write-model.ts';
