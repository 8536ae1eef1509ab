// The two text codecs that every JavaScript host has as globals, declared here because the library is compiled without
// the types of a browser or of Node.

interface Decoder {
  decode(bytes?: Uint8Array): string;
}

interface Encoder {
  encode(text: string): Uint8Array;
}

declare const TextDecoder: new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }) => Decoder;
declare const TextEncoder: new () => Encoder;

/** The UTF-8 bytes of `text`. */
export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** `bytes` as text in the encoding `label`, a byte order mark kept; throws TypeError where they are not. */
export function decodeStrict(bytes: Uint8Array, label = 'utf-8'): string {
  return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** `bytes` as text in the encoding `label`, with U+FFFD where they are not. */
export function decodeLoose(bytes: Uint8Array, label: string): string {
  return new TextDecoder(label).decode(bytes);
}

/** `bytes` as UTF-8, a byte order mark kept, with U+FFFD where they are not. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/**
 * A label, an answer or a question in the form in which it is compared: trimmed, single spaces, NFC. Two ways of writing é, or a space at the end, make
 * no other answer.
 */
export function comparable(text: string): string {
  return text.trim().replace(/\s+/g, ' ').normalize('NFC');
}
