// A sentence with subscripts, superscripts and code.

import { proseParts } from 'unrolled/lessons';

/** `h_{t−1}` and commands between backticks, as elements. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {proseParts(text).map(({ kind, text: part }, k) => {
        if (kind === 'sub') return <sub key={k}>{part}</sub>;
        if (kind === 'sup') return <sup key={k}>{part}</sup>;
        return kind === 'code' ? <code key={k}>{part}</code> : part;
      })}
    </>
  );
}
