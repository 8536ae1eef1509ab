// Whether an element is on the screen, or close to it: what is not needs no drawing.

import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Whether the element of a reference is in view. */
export function useSeen(ref: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    if (!ref.current) return undefined;
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? true), {
      rootMargin: '200px',
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return seen;
}
