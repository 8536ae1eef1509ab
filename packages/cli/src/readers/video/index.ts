// Videos to pixels.

export {
  type ClipOptions,
  type ClipSplit,
  type VideoData,
  type VideoExample,
  clipsIn,
  labelsOfFrames,
  readClips,
  splitClips,
} from './clips.ts';
export { type Ffmpeg, findFfmpeg } from './ffmpeg.ts';
export { type OpenedClips, openClips } from './open.ts';
export { type Sampling, sampling } from './sampling.ts';
