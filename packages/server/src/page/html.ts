// The frame of the page. Names come from folders and data files, so every one is escaped; the page holds no script but the one it loads.

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text in HTML, also in an attribute. Control characters, which HTML cannot hold, are U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c]).replace(/(?![\t\n\r])\p{Cc}/gu, '\ufffd');
}

export interface Page {
  readonly base: string;
  readonly version: string;
  /** HTML. */
  readonly nav: string;
  /** HTML. */
  readonly main: string;
}

export function pageOf({ base, version, nav, main }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>unrolled</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/page.css">
<script src="${base}/page.js" defer></script>
</head>
<body data-base="${escapeHtml(base)}">
<nav aria-label="Models"><div class="brand">unrolled</div>
<div><h2>Models</h2><ul>${nav}</ul></div></nav>
<main>${main}
<p class="note more">unrolled ${escapeHtml(version)} · <a href="${base}/openapi.json">openapi.json</a> · <a href="${base}/v1/models">v1/models</a></p>
</main>
</body>
</html>
`;
}
