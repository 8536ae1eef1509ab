// What a person sees: colors, the progress line, tables and plots, in columns that also Korean and emoji keep straight.

export { BrailleCanvas } from './canvas.ts';
export { bytes, compact, duration, grouped } from './numbers.ts';
export { coloredText, type ColoredTextOptions } from './colored-text.ts';
export { heatmap, type HeatmapOptions } from './heatmap.ts';
export { terminalChart, type TerminalChartOptions } from './line-chart.ts';
export { SafeOutput, stderr, stdout } from './output.ts';
export { plot, type PlotOptions, stretch } from './plot.ts';
export {
  bar,
  plainProgress,
  type Progress,
  ProgressLine,
  type ProgressLineOptions,
  renderProgress,
} from './progress.ts';
export { rangeOf } from './range.ts';
export { resample, sparkline } from './sparkline.ts';
export { type Screen, screenOf } from './screen.ts';
export { hasColors, type Output, type Style, styleFor } from './style.ts';
export { table, type TableOptions } from './table.ts';
export { type TerminalTimeline, timelineText } from './timeline.ts';
export { csvCell, jsonText, visible } from './visible.ts';
export { WaitingLine } from './waiting.ts';
export { padEnd, padStart, stringWidth, truncate, wrap } from './width.ts';
