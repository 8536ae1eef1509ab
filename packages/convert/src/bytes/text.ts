// Text as bytes. The package is compiled without the types of a browser or of Node, which both have TextEncoder.

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** The UTF-8 bytes of a text. */
export function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
