// The size of an element, so that charts are drawn for it and not scaled to it.

import { useEffect, useRef, useState } from 'preact/hooks';

/** A reference for the element, and its width and height in CSS pixels; 0 before it is measured. */
export function useSize<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(0);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (!ref.current) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      setWidth(Math.floor(contentRect.width));
      setHeight(Math.floor(contentRect.height));
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width, height] as const;
}
