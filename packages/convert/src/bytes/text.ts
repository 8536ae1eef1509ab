// Text as bytes. The package is compiled without the types of a browser or of Node, which both have these two.

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (encoding: string) => { decode(bytes: Uint8Array): string };

const byByte = new TextDecoder('latin1');

/** The UTF-8 bytes of a text. */
export function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A text with a character for each byte, to be searched for ASCII. */
export function latin1(bytes: Uint8Array): string {
  return byByte.decode(bytes);
}
