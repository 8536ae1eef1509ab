/** The path of a Chromium; undefined where there is none. */
export const browserPath: string | undefined;
