// Files to pixels.

export { FeatureCache, PixelCache } from './cache.ts';
export { cacheFolder } from './disk-cache.ts';
export {
  animation,
  decodeAnimation,
  decodeImage,
  notRead,
  otherImage,
  ImageError,
  imageFile,
} from './decode.ts';
export { inside } from './inside.ts';
export { type Item, load, type Loaded, type LoadOptions, type Opened } from './load.ts';
export { fileBytes, type OpenedImages, openImages, imageRefused } from './open.ts';
export { type Background, backgroundOf, type Fit, fits, imageSettings, type ImageSettings } from './settings.ts';
