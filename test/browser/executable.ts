// Where a Chromium is, if there is one.

export { browserPath as executable } from '../../tools/browser-path.mjs';
