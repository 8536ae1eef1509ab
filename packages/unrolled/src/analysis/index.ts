export type { Alternative, AlternativeName } from './alternatives.ts';
export { attentionMap, type AttentionMapOptions, type AttentionMapInput } from './attention-map.ts';
export { type BeamTree, beamTree, type BeamTreeNode } from './beam-tree.ts';
export { type ForecastPlot, forecastPlot } from './forecast-plot.ts';
export {
  describeGradientFlow,
  type FlowRow,
  type GradientFlow,
  gradientFlow,
  gradientFlowMap,
  type GradientFlowOptions,
} from './gradient-flow.ts';
export { describeGrowth, type Growth, growthOf } from './growth.ts';
export { type HeatMap, heatMap } from './heat-map.ts';
export { type Jacobian, stepJacobian } from './jacobian.ts';
export type { ReportLanguage } from './language.ts';
export { type Complex, eigenvalues, singularValues, spectralNorm } from './linear-algebra.ts';
export { describeInspection, inspectOnce, type Inspection } from './inspection.ts';
export { type LineChart, lineChart, type ChartSeries } from './line-chart.ts';
export { type NamedCell, namedCells } from './observed-layers.ts';
export {
  changeGates,
  changeSteps,
  gate,
  type GateChange,
  type ObservedStep,
  observeSteps,
  type StepChange,
} from '../nn/recurrent/observe.ts';
export { type AttentionChange, changeAttention } from '../models/seq2seq/attention.ts';
export { changeMaps, type MapChange } from '../models/visual-qa/map-reader.ts';
export { type LayerSpectrum, type MatrixSpectrum, type Spectrum, spectrum, type SpectrumOptions } from './spectrum.ts';
export { describeSpectrum, eigenvaluePlot, spectrumPlot } from './spectrum-report.ts';
export {
  type TimelineSegment,
  segmentsOf,
  timeline,
  type Timeline,
  timelineLegend,
  timelineMargins,
  type TimelineOptions,
} from './timeline.ts';
export { preservingState } from './preserving-state.ts';
export {
  type CheckName,
  checkNetwork,
  type CheckOptions,
  checkText,
  type CheckText,
  describeChecks,
  type NetworkCheck,
} from './check-network.ts';
export { annotate, annotateMatches, type Annotation, annotation, annotationName } from './cells/annotations.ts';
export {
  type Ablation,
  type AblationOptions,
  describeAblation,
  ablateUnits,
  type AblationLosses,
  type UnitToAblate,
} from './cells/ablate.ts';
export { gateScatter, timeConstantChart } from './cells/gate-charts.ts';
export { describeGate, type GateStatistics, gateStatistics } from './cells/gates.ts';
export {
  type AnnotationSearch,
  describeSearch,
  type SearchOptions,
  searchUnits,
  type UnitMatch,
} from './cells/search.ts';
export { type Trace, TraceRecorder, traceText, type UnitTrack } from './cells/trace.ts';
export { type ClippingInput, clippingPlot, type ClippingReport, clippingReport, describeClipping } from './clipping.ts';
export { type InspectorOptions, type LiveFindings, liveInspector } from './live.ts';
export {
  describeMemoryLength,
  type MemoryLength,
  memoryLength,
  type MemoryLengthOptions,
  memoryLengthPlot,
} from './memory-length.ts';
export { NGramModel } from './n-gram.ts';
export {
  type Agreement,
  describeTruncation,
  languageWindows,
  type ReadWindow,
  type TruncationOptions,
  truncationPlot,
  type TruncationReport,
  truncationReport,
  type WindowReport,
} from './truncation.ts';
export {
  imageAttention,
  imageAttentionTiles,
  type ImageAttentionInput,
  type ImageAttentionOptions,
} from './image-attention.ts';
export { type Deflate, encodePng, imageUrl } from './png.ts';
export { escapeXml } from './svg.ts';
