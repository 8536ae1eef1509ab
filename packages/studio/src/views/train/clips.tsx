// The clips of a class as small images that play under the pointer; the chosen one in a strip of its frames, to be deleted. One of them is reached by Tab, the
// others by the arrow keys.

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Pixels } from '../../charts/pixels.tsx';
import { type GatheredClass, type GatheredClip, recorded } from '../../own/gathered.ts';
import { imageSize } from '../../own/given.ts';
import { recording, removeClip } from '../../state/gathered.ts';
import { strip } from '../../training/tasks/images.ts';
import { movedBy } from '../../ui/keys.ts';
import { grouped } from '../../words/numbers.ts';
import { gatherWords } from '../../own/gather-words.ts';

/** See the top of this file. */
export function Clips({ of: { id, label, clips } }: { readonly of: GatheredClass }) {
  const w = gatherWords.value;
  const chosen = useSignal<number | null>(null); // the id of a clip
  const list = useRef<HTMLUListElement>(null);
  const at = clips.findIndex((one) => one.id === chosen.value);
  const reached = at < 0 ? clips.length - 1 : at;
  const focus = (n: number) => list.current?.querySelectorAll('button')[n]?.focus();
  const remove = (n: number) => {
    const next = clips[n + 1] ?? clips[n - 1];
    removeClip(id, clips[n].id);
    chosen.value = next?.id ?? null;
    requestAnimationFrame(() => focus(Math.min(n, clips.length - 2)));
  };
  const keyed = (event: KeyboardEvent, n: number) => {
    const to = movedBy(event.key, n, clips.length);
    if (to !== null) focus(to);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && !recording.peek()) remove(n);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight; // the newest
  }, [clips.length]);
  return (
    <>
      <ul class="gather-clips" ref={list} aria-label={w.clipsOf(label)}>
        {clips.map((clip, n) => (
          <li key={clip.id}>
            <button
              type="button"
              tabIndex={n === reached ? 0 : -1}
              aria-pressed={n === at}
              aria-label={w.clip(grouped(n + 1), grouped(clips.length), label)}
              onClick={() => (chosen.value = n === at ? null : clip.id)}
              onKeyDown={(event) => keyed(event, n)}
            >
              <Thumb clip={clip} />
            </button>
          </li>
        ))}
      </ul>
      {at >= 0 && (
        <div class="gather-chosen">
          <Pixels picture={strip(clips[at].data, imageSize)} label={w.frames(grouped(at + 1))} />
          <button type="button" disabled={recording.value} onClick={() => remove(at)}>
            {w.removeClip(grouped(at + 1))}
          </button>
        </div>
      )}
    </>
  );
}

const bytes = imageSize * imageSize * 3;

/** The middle frame, or the clip while the pointer or the focus is on its button; where motion is not wanted it stands still. */
function Thumb({ clip: { data } }: { readonly clip: GatheredClip }) {
  const count = data.length / bytes;
  const middle = count >> 1;
  const at = useSignal(middle);
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const button = ref.current?.closest('button');
    if (!button || count < 2 || matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    let timer: ReturnType<typeof setInterval> | undefined;
    const play = () => {
      timer ??= setInterval(() => (at.value = (at.peek() + 1) % count), 1000 / recorded.rate);
    };
    const rest = () => {
      clearInterval(timer);
      [timer, at.value] = [undefined, middle];
    };
    const heard = { pointerenter: play, focus: play, pointerleave: rest, blur: rest };
    for (const [name, listener] of Object.entries(heard)) button.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(heard)) button.removeEventListener(name, listener);
      clearInterval(timer);
    };
  }, [data]);
  const frame = useMemo(
    () => ({ height: imageSize, width: imageSize, data: data.subarray(at.value * bytes, (at.value + 1) * bytes) }),
    [data, at.value],
  );
  return (
    <span ref={ref}>
      <Pixels picture={frame} />
    </span>
  );
}
