'use client';

import { useState } from 'react';

export default function Home() {
  const [answer, setAnswer] = useState('');
  const classify = async (event) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('text');
    const response = await fetch('/api/classify', { method: 'POST', body: JSON.stringify({ text }) });
    const { label, score, error } = await response.json();
    setAnswer(error ?? `${label}, ${Math.round(100 * score)} %`);
  };
  return (
    <main>
      <h1>Reviews</h1>
      <form onSubmit={classify}>
        <label>
          Review <input name="text" defaultValue="not bad at all" />
        </label>
        <button type="submit">Classify</button>
      </form>
      <output>{answer}</output>
    </main>
  );
}
