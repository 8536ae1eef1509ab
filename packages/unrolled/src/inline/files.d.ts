import type { WasmVariant } from '../backend/kernel/package-files.ts';

/** The builds, deflated, as base64. tools/bundle.mjs writes the values to dist. */
export const files: Readonly<Record<WasmVariant, string>>;
