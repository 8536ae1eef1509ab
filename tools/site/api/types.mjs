// Types and signatures as TypeScript writes them, from TypeDoc's reflections.

import { ReflectionKind } from 'typedoc';

const several = new Set(['union', 'intersection', 'conditional', 'typeOperator', 'inferred', 'query']);
const isFunction = (type) => type.type === 'reflection' && (type.declaration.signatures?.length ?? 0) > 0;
/** A type where it stands before `[]` or in a union. */
const bound = (type) => (several.has(type.type) || isFunction(type) ? `(${typeText(type)})` : typeText(type));
const list = (types) => types.map(typeText).join(', ');

const writers = {
  array: ({ elementType }) => `${bound(elementType)}[]`,
  conditional: (t) =>
    [t.checkType, t.extendsType, t.trueType, t.falseType]
      .map(typeText)
      .reduce((a, b, i) => a + [' extends ', ' ? ', ' : '][i - 1] + b),
  indexedAccess: ({ objectType, indexType }) => `${bound(objectType)}[${typeText(indexType)}]`,
  intersection: ({ types }) => types.map(bound).join(' & '),
  literal: ({ value }) => (typeof value === 'string' ? `'${value}'` : String(value)),
  mapped: (t) =>
    `{ ${t.readonlyModifier === '+' ? 'readonly ' : ''}[${t.parameter} in ${typeText(t.parameterType)}]${t.optionalModifier === '+' ? '?' : ''}: ${typeText(t.templateType)} }`,
  namedTupleMember: ({ name, isOptional, element }) => `${name}${isOptional ? '?' : ''}: ${typeText(element)}`,
  optional: ({ elementType }) => `${bound(elementType)}?`,
  predicate: ({ name, asserts, targetType }) =>
    `${asserts ? 'asserts ' : ''}${name}${targetType ? ` is ${typeText(targetType)}` : ''}`,
  query: ({ queryType }) => `typeof ${typeText(queryType)}`,
  reference: ({ name, typeArguments = [] }) => (typeArguments.length > 0 ? `${name}<${list(typeArguments)}>` : name),
  reflection: ({ declaration }) => objectText(declaration),
  rest: ({ elementType }) => `...${bound(elementType)}`,
  tuple: ({ elements }) => `[${list(elements)}]`,
  typeOperator: ({ operator, target }) => `${operator} ${bound(target)}`,
  union: ({ types }) => types.map((type) => (isFunction(type) ? `(${typeText(type)})` : typeText(type))).join(' | '),
};

export function typeText(type) {
  if (type === undefined) return 'unknown';
  return writers[type.type]?.(type) ?? type.toString();
}

/** An object's type in place: `{ readonly lr: number; step(): void }`, or a function's. */
function objectText(declaration) {
  const { signatures = [], indexSignatures = [], children = [] } = declaration;
  if (children.length === 0 && indexSignatures.length === 0 && signatures.length === 1)
    return signatureText(signatures[0], { name: '', arrow: true });
  const members = [
    ...signatures.map((one) => signatureText(one, { name: '' })),
    ...indexSignatures.map((one) => `[${parameters(one)}]: ${typeText(one.type)}`),
    ...children.map((child) => propertyText(child)),
  ];
  return members.length > 0 ? `{ ${members.join('; ')} }` : '{}';
}

export function propertyText(child) {
  const { isReadonly, isOptional } = child.flags;
  if (child.signatures) return child.signatures.map((one) => signatureText(one, { name: child.name })).join('; ');
  return `${isReadonly ? 'readonly ' : ''}${child.name}${isOptional ? '?' : ''}: ${typeText(typeOf(child))}`;
}

/** The type of a property or accessor. */
export const typeOf = (child) => child.type ?? child.getSignature?.type ?? child.setSignature?.parameters?.[0]?.type;

const parameterName = ({ name }) => (name === '__namedParameters' ? 'options' : name);
const parameters = ({ parameters: all = [] }) =>
  all
    .map((one) => {
      const optional = one.flags.isOptional || one.defaultValue !== undefined;
      return `${one.flags.isRest ? '...' : ''}${parameterName(one)}${optional ? '?' : ''}: ${typeText(one.type)}`;
    })
    .join(', ');

const typeParameters = ({ typeParameters: all = [] }) => {
  const texts = all.map(
    (one) =>
      `${one.name}${one.type ? ` extends ${typeText(one.type)}` : ''}${one.default ? ` = ${typeText(one.default)}` : ''}`,
  );
  return texts.length > 0 ? `<${texts.join(', ')}>` : '';
};

/** `name<T>(x: Tensor): Tensor`; with `arrow`, as a type. */
export function signatureText(signature, { name = signature.name, arrow = false } = {}) {
  const head = `${name}${typeParameters(signature)}(${parameters(signature)})`;
  if (signature.kind === ReflectionKind.ConstructorSignature) return `new ${head}`;
  return `${head}${arrow ? ' => ' : ': '}${typeText(signature.type)}`;
}

/** What stands before the members of a class, an interface or an alias. */
export const headText = (one) => `${one.name}${typeParameters(one)}`;

/** A signature over several lines where it is long. */
export function broken(text, width = 100) {
  if (text.length <= width) return text;
  const open = topLevel(text, '(');
  if (open < 0) return text;
  const close = matching(text, open);
  const inside = split(text.slice(open + 1, close));
  return inside.length === 0
    ? text
    : `${text.slice(0, open + 1)}\n${inside.map((one) => `  ${one},`).join('\n')}\n${text.slice(close)}`;
}

const openers = '([{<';
const closers = ')]}>';
const depthOf = (text, i) =>
  closers.includes(text[i]) && text[i - 1] !== '=' ? -1 : openers.includes(text[i]) ? 1 : 0;

function topLevel(text, wanted) {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (depth === 0 && text[i] === wanted) return i;
    depth += depthOf(text, i);
  }
  return -1;
}

function matching(text, open) {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    depth += depthOf(text, i);
    if (depth === 0) return i;
  }
  return text.length;
}

/** At the commas that are in no bracket. */
function split(text) {
  const parts = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    depth += depthOf(text, i);
    if (depth === 0 && text[i] === ',') parts.push(text.slice(from, (from = i + 1) - 1).trim());
  }
  return [...parts, text.slice(from).trim()].filter((part) => part !== '');
}
