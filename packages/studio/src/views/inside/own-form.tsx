// What is the user's own, which is read before the examples: a text, a question, rows of numbers, an image or the frames of a clip.

import { useSignal } from '@preact/signals';
import type { RawImage } from 'unrolled/data';
import { pictureOf } from '../../data/picture.ts';
import type { OwnForm as Form } from '../../reading/protocol.ts';
import { busy, openReading } from '../../state/reading.ts';
import { grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

/** See the top of this file. */
export function OwnForm({ id, form }: { readonly id: string; readonly form: Form }) {
  const w = words.value;
  const text = useSignal('');
  const images = useSignal<readonly RawImage[]>([]);
  const written = text.value.trim() !== '';
  const complete = form.text ? written : images.value.length > 0;
  const { columns = [], ahead } = form;
  const shown = columns.slice(0, 6).join(', ') + (columns.length > 6 ? ` … ${columns.at(-1)}` : '');
  return (
    <form
      class={`own-text${form.text === 'numbers' ? ' numbers' : ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void openReading(id, { text: text.value.trim(), images: images.value });
      }}
    >
      {form.images && <Images form={form.images} images={images.value} take={(some) => (images.value = some)} />}
      {form.text && (
        <label for="own-text">
          {form.text === 'numbers' ? w.ownNumbers(shown) : w.own[form.text]}
          {ahead && `. ${w.ownAhead(grouped(ahead.rows), ahead.known.join(', '))}`}
        </label>
      )}
      {form.text === 'numbers' ? (
        <textarea id="own-text" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      ) : (
        form.text && (
          <input
            id="own-text"
            value={text.value}
            maxLength={form.text === 'question' ? 200 : 2000}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        )
      )}
      <button type="submit" disabled={busy.value !== null || !complete}>
        {w.readIt}
      </button>
    </form>
  );
}

interface ImagesProps {
  readonly form: NonNullable<Form['images']>;
  readonly images: readonly RawImage[];
  readonly take: (images: readonly RawImage[]) => void;
}

function Images({ form: { size, most }, images, take }: ImagesProps) {
  const w = words.value;
  return (
    <label class="button file">
      {images.length > 0 ? w.imagesChosen(grouped(images.length)) : most > 1 ? w.chooseFrames : w.chooseImage}
      <input
        type="file"
        accept="image/*"
        multiple={most > 1}
        onChange={(event) => {
          const files = Array.from(event.currentTarget.files ?? []).slice(0, most);
          void Promise.all(files.map((file) => pictureOf(file, size))).then((found) =>
            take(found.filter((one) => one !== null)),
          );
        }}
      />
    </label>
  );
}
