// `node --import ./tools/ts.mjs file.ts`: runs TypeScript from source on the oldest Node we support, which cannot do it alone.
// Types are erased by the transformer that comes with the test runner; `unrolled` means its sources.
import { register } from 'node:module';

register('./ts-hooks.mjs', import.meta.url);
