// One page of the API reference: a heading for each export, its declaration, its comment, and its members.

import { ReflectionKind as Kind } from 'typedoc';
import { commentText } from './comments.mjs';
import { broken, headText, signatureText, typeOf, typeText } from './types.mjs';

const code = (text) => `\`\`\`ts\n${text}\n\`\`\``;
/** As the site makes an anchor of a heading: headings of exports and members are names. */
export const anchorOf = (name) => name.toLowerCase().replace(/[^\w-]/g, '');

/** `link` finds the page and the anchor of an export by its name. */
export function renderPage({ title, from, what }, exports, link) {
  const text = [`# ${title}`, `${what} Imported from \`${from}\`.`];
  for (const one of exports) text.push(`## ${one.name}`, ...renderExport(one, link));
  return `${text.filter(Boolean).join('\n\n')}\n`;
}

function renderExport(one, link) {
  const comment = commentText(one.comment, link);
  switch (one.kind) {
    case Kind.Class:
      return [
        code(`${one.flags.isAbstract ? 'abstract ' : ''}class ${headText(one)}${bases(one)}`),
        comment,
        inherited(one, link),
        ...constructors(one, link),
        ...members(one, link),
      ];
    case Kind.Interface:
      return [code(`interface ${headText(one)}${bases(one)}`), comment, inherited(one, link), ...members(one, link)];
    case Kind.Function:
      return one.signatures.flatMap((signature) => [
        code(broken(`function ${signatureText(signature)}`)),
        commentText(signature.comment, link),
      ]);
    case Kind.TypeAlias:
      return alias(one, comment, link);
    case Kind.Variable:
      return variable(one, comment, link);
    default:
      return [comment];
  }
}

function bases({ extendedTypes = [], implementedTypes = [], kind }) {
  const names = (types) => types.map(typeText).join(', ');
  const extended = extendedTypes.length > 0 ? ` extends ${names(extendedTypes)}` : '';
  return kind === Kind.Class && implementedTypes.length > 0
    ? `${extended} implements ${names(implementedTypes)}`
    : extended;
}

/** Where the rest of its members are described. */
function inherited({ extendedTypes = [] }, link) {
  const bases = extendedTypes.filter(({ name }) => name && link(name)).map(({ name }) => `[${name}](${link(name)})`);
  return bases.length > 0 ? `Inherits the members of ${bases.join(' and ')}.` : '';
}

function alias(one, comment, link) {
  const object =
    one.type?.type === 'reflection' && (one.type.declaration.children?.length ?? 0) > 0
      ? one.type.declaration
      : undefined;
  if (object)
    return [
      code(`type ${headText(one)} = { … }`),
      comment,
      ...members({ ...object, name: one.name, children: object.children }, link),
    ];
  return [code(broken(`type ${headText(one)} = ${typeText(one.type)}`)), comment];
}

function variable(one, comment, link) {
  const object = one.type?.type === 'reflection' ? one.type.declaration : undefined;
  if (object?.children?.length > 0)
    return [code(`const ${one.name}: { … }`), comment, ...members({ name: one.name, children: object.children }, link)];
  return [code(broken(`const ${one.name}: ${typeText(one.type)}`)), comment];
}

function constructors(one, link) {
  const own = one.children?.find(({ kind }) => kind === Kind.Constructor);
  return (own?.signatures ?? []).flatMap((signature) => [
    code(broken(signatureText(signature, { name: one.name }))),
    commentText(signature.comment, link),
  ]);
}

/** Properties and accessors as a table, methods with their declarations. What is inherited is with the class it comes from. */
function members(one, link) {
  const own = (one.children ?? []).filter(({ kind, inheritedFrom }) => kind !== Kind.Constructor && !inheritedFrom);
  const methods = own.filter(({ signatures }) => signatures);
  const values = own.filter(({ signatures }) => !signatures);
  return [
    ...indexed(one),
    ...table(values, link),
    ...methods.flatMap((method) => [
      `### ${one.name}.${method.name}`,
      ...method.signatures.flatMap((signature) => [
        code(
          broken(
            `${method.flags.isProtected ? 'protected ' : ''}${method.flags.isStatic ? 'static ' : ''}${signatureText(signature, { name: method.name })}`,
          ),
        ),
        commentText(signature.comment, link),
      ]),
    ]),
  ];
}

const indexed = ({ indexSignatures = [] }) =>
  indexSignatures.map((one) =>
    code(`[${one.parameters[0].name}: ${typeText(one.parameters[0].type)}]: ${typeText(one.type)}`),
  );

function table(values, link) {
  if (values.length === 0) return [];
  const rows = values.map((one) => {
    const optional = one.flags.isOptional ? '?' : '';
    const description = commentText(one.comment ?? one.getSignature?.comment, link);
    return `| \`${one.name}${optional}\` | ${linkedType(typeText(typeOf(one)), link)} | ${cell(description)} |`;
  });
  return [`| name | type | |\n|---|---|---|\n${rows.join('\n')}`];
}

const cell = (text) =>
  text
    .replace(/```\w*\n([^]*?)\n```/g, (_, inside) => `<code v-pre>${html(inside).replace(/\n/g, '<br>')}</code>`)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/(?<!\\)\|/g, '\\|');
const html = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** A type in a table, where every name that has a place in the reference leads to it. */
function linkedType(text, link) {
  const linked = html(text)
    .replace(/\|/g, '&#124;')
    .replace(/\b[A-Z]\w+\b/g, (name) =>
      link(name) ? `<a href="${link(name).replace('.md#', '.html#')}">${name}</a>` : name,
    );
  return `<code v-pre>${linked}</code>`;
}
