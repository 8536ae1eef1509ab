// Any text is bytes, so a byte-level tokenizer knows every text. Radford et al. (GPT-2, 2019) write each byte as a visible
// character, so that a subword is a string: printable ones as themselves, the others as those from U+0100 on. A space is Ġ.

import { encodeUtf8 } from '../../encoding.ts';

/** The character of each byte. */
export const byteCharacters: readonly string[] = (() => {
  let others = 0x100;
  const printable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : others++));
})();

const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** The UTF-8 bytes of `text`, each as its character. Half a surrogate pair is the bytes of U+FFFD. */
export function toByteCharacters(text: string): string {
  let visible = '';
  for (const byte of encodeUtf8(text)) visible += byteCharacters[byte];
  return visible;
}

/** The bytes that `characters` stand for; characters that stand for none are their own UTF-8 bytes. */
export function fromByteCharacters(characters: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of characters) {
    const byte = byteOf.get(character);
    if (byte === undefined) bytes.push(...encodeUtf8(character));
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** GPT-2's pre-tokenization, within which pairs are merged: letters, digits or punctuation with the space before them; white space; English endings. */
export const bytePieces =
  /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
