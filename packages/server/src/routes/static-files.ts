// A static build, however it is stored: this package reads no folder of its own.

/** The files of a static build by their paths: `index.html`, `assets/index-4f2a.js`. */
export interface StaticFiles {
  /** Bytes of a file; null where there is none. */
  read(path: string): Promise<Uint8Array | null>;
}
