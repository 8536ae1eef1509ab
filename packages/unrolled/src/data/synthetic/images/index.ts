export { type ClipsOptions, makeClips, type Motion, type MotionClip, motions } from './clips.ts';
export { type ColorName, colorNames, type ShapeName, shapeNames } from './paint.ts';
export {
  makeQuestions,
  type QuestionsOptions,
  type SceneQuestion,
  type SceneQuestionType,
  sceneQuestionTypes,
} from './questions.ts';
export { isHeldOut, type SceneObject, type SceneOptions, type SizeName } from './scene.ts';
export { type CaptionedScene, makeScenes, type ScenesOptions } from './scenes.ts';
export { makeWhere, type WhereOptions, type WhereScene } from './where.ts';
