// Files to pixels.

export { cacheFolder, PixelCache } from './cache.ts';
export {
  animation,
  decodeAnimation,
  decodePicture,
  notRead,
  otherPicture,
  PictureError,
  pictureFile,
} from './decode.ts';
export { inside } from './inside.ts';
export { type Item, load, type Loaded, type LoadOptions, type Opened } from './load.ts';
export { fileBytes, type OpenedPictures, openPictures, pictureRefused } from './open.ts';
export { type Background, backgroundOf, type Fit, fits, pictureSettings, type PictureSettings } from './settings.ts';
