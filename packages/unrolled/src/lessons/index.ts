export type {
  BarsFigure,
  ChartFigure,
  GridsFigure,
  ImagesFigure,
  LessonFigure,
  NumberGrid,
  TableFigure,
  TextFigure,
  TreeFigure,
  TreeNode,
  UnrolledFigure,
} from './figures.ts';
export type { Explored, LessonExplorer, LessonParameter } from './explorer.ts';
export { lessonExplorers } from './explorers/index.ts';
export { lessonHtml, type LessonHtmlOptions, lessonStyle } from './html.ts';
export { type Particle, withParticle } from './korean.ts';
export type { Lesson, LessonIntroduction, LessonLanguage, LessonReport, MeasureOptions } from './lesson.ts';
export { lessons } from './lessons.ts';
export { fixed as fixedNumber, grouped as groupedNumber, short as shortNumber } from './numbers.ts';
export { type ProsePart, proseParts, proseText } from './prose.ts';
export { lessonTerms } from './words/common.ts';
