// Doc comments as Markdown for a page that is compiled by Vue: what stands for itself in a comment must not be taken for a tag or an expression.

const escaped = (text) => text.replace(/</g, '&lt;').replace(/\{\{/g, '{&#123;');
/** Code keeps its characters; braces of Vue are kept apart with a comment of its own. */
const inCode = (text) => (text.includes('{{') ? text.replace(/`([^`]*)`/g, '<code v-pre>$1</code>') : text);

/** The text of a comment: its summary, and what it says of what is returned and thrown. */
export function commentText(comment, link) {
  if (!comment) return '';
  const summary = fenced(partsText(comment.summary, link));
  const tags = (comment.blockTags ?? [])
    .filter(({ tag }) =>
      ['@returns', '@throws', '@deprecated', '@example', '@remarks', '@default', '@defaultValue'].includes(tag),
    )
    .map(({ tag, content }) => `${labels[tag]}${fenced(partsText(content, link))}`);
  return [summary, ...tags].filter(Boolean).join('\n\n');
}
const labels = {
  '@returns': 'Returns ',
  '@throws': 'Throws ',
  '@deprecated': '**Deprecated.** ',
  '@example': '',
  '@remarks': '',
  '@default': 'Default: ',
  '@defaultValue': 'Default: ',
};

const partsText = (parts, link) =>
  parts
    .map((part) => {
      if (part.kind === 'code') return inCode(part.text);
      if (part.kind !== 'inline-tag') return escaped(part.text);
      const text = part.text || part.target?.name || '';
      const to =
        typeof part.target === 'object'
          ? link(part.target.name)
          : typeof part.target === 'string'
            ? part.target
            : undefined;
      return to ? `[${text}](${to})` : `\`${text}\``;
    })
    .join('');

/** Paragraphs that a comment indents are equations or programs: they keep their lines. */
function fenced(text) {
  return text
    .split(/\n{2,}/)
    .map((paragraph, i) => {
      const lines = paragraph.split('\n');
      // TypeDoc takes the margin of a comment's first line away.
      if (i === 0 && program.test(lines[0])) lines[0] = `    ${lines[0]}`;
      const indented = lines.every((line) => /^ {2}/.test(line) && !/^ *([-*]|\d+\.) /.test(line));
      if (!indented || paragraph.includes('```')) return paragraph;
      const margin = Math.min(...lines.map((line) => line.search(/\S/)));
      const code = lines.map((line) => line.slice(margin)).join('\n');
      const language = /;$|[({]$/m.test(code) || program.test(code) ? 'ts' : 'text';
      return `\`\`\`${language}\n${code.replace(/&lt;/g, '<').replace(/\{&#123;/g, '{{')}\n\`\`\``;
    })
    .join('\n\n');
}
const program = /^(const|let|await|import|class|for) /;
