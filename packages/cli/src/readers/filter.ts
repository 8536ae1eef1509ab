// Filters: `stars <> 3 AND lang IN ('en', 'de')`. They are written as SQL, and come from config.json too, which is untrusted. So a
// filter is one expression and no more. DuckDB's parser makes a syntax tree, every node must be on the lists below, and the executed SQL
// is generated anew from the tree, with generated column names. No subquery, no function that reads, and no second statement is possible.

import { FormatError, suggest } from 'unrolled';
import { connectToFilter, query, sqlText } from './duckdb.ts';

export interface Filter {
  /** The original text. */
  readonly where: string;
  /** Columns that it uses; `condition` calls them c0, c1, … */
  readonly columns: readonly string[];
  readonly condition: string;
}

type Node = Readonly<Record<string, unknown>>;

const longest = 10_000; // characters

const operators = new Set(
  'COMPARE_IN COMPARE_NOT_IN OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_NULLIF ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT ARRAY_CONSTRUCTOR'.split(
    ' ',
  ),
);

/** Pure functions, with results no larger than their arguments. */
const functions = new Set(
  (
    '+ - * / // % ** ^ || & | ~~ !~~ ~~* !~~* ~~~ ^@ like_escape not_like_escape ilike_escape not_ilike_escape ' +
    'abs ceil ceiling floor round trunc sign sqrt exp ln log log2 log10 power pow mod isnan isfinite isinf greatest least ' +
    'lower upper lcase ucase trim ltrim rtrim length len strlen char_length character_length substr substring left right ' +
    'contains starts_with ends_with prefix suffix strpos position instr reverse ascii unicode hash md5 ' +
    'regexp_matches regexp_full_match regexp_extract list_contains list_has array_contains array_has array_length list_extract array_extract struct_extract list_value ' +
    'year month day hour minute second quarter week weekday dayofweek isodow dayofyear date_part datepart date_trunc ' +
    'to_years to_months to_weeks to_days to_hours to_minutes to_seconds json_extract_string nullif ifnull coalesce'
  ).split(' '),
);

const castTypes = new Set(
  'BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL VARCHAR DATE TIME TIMESTAMP INTERVAL UUID'.split(
    ' ',
  ),
);

const clean = 'SELECT n FROM v WHERE ';

/** Parses `where` for a table with these columns. Throws for anything that is more than a filter. */
export async function parseFilter(where: string, columns: readonly string[], source: string): Promise<Filter> {
  const refuse = (problem: string): never => {
    const shown = where.length > 200 ? `${where.slice(0, 200)}…` : where;
    throw new FormatError(
      source,
      `--where ${JSON.stringify(shown)} ${problem}; a filter compares columns with values, as in "stars <> 3 AND lang = 'en'"`,
    );
  };
  if (where.length > longest) refuse(`has ${where.length} characters, and a filter has at most ${longest}`);
  const connection = await connectToFilter();
  try {
    const tree = await treeOf(where, (sql) => query(connection, sql), refuse);
    const used: string[] = [];
    const vetted = vet(tree, {
      refuse,
      column: (names) => {
        const name = columnOf(names[0], columns, where, source);
        if (!used.includes(name)) used.push(name);
        return [`c${used.indexOf(name)}`, ...names.slice(1)];
      },
    });
    const template = await parse(`${clean}(true)`, (sql) => query(connection, sql));
    const statement = (template.statements as Node[])[0];
    const whole = {
      ...template,
      statements: [{ ...statement, node: { ...(statement.node as Node), where_clause: vetted } }],
    };
    const [[sql]] = await query(connection, `SELECT json_deserialize_sql(${sqlText(stringify(whole))}::JSON)`);
    const text = String(sql);
    if (!text.startsWith(clean)) refuse('cannot be read');
    return { where, columns: used, condition: text.slice(clean.length) };
  } catch (error) {
    if (error instanceof FormatError) throw error;
    return refuse(`cannot be read: ${(error as Error).message.split('\n')[0]}`);
  } finally {
    connection.closeSync();
  }
}

type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

async function parse(sql: string, ask: Ask): Promise<Node> {
  const [[json]] = await ask(`SELECT json_serialize_sql(${sqlText(sql)})`);
  return parseTree(String(json));
}

/** Numbers of a tree have up to 64 bits: long ones stay strings, behind a mark that no filter can contain. Positions in the text are dropped. */
function parseTree(json: string): Node {
  const safe = json.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/gs, (piece) =>
    piece[0] === '"' ? piece : `"\\u0000${piece}"`,
  );
  return JSON.parse(safe, (key, value: unknown) => (key === 'query_location' ? 0 : value)) as Node;
}

function stringify(tree: Node): string {
  return JSON.stringify(tree).replace(/"\\u0000(-?\d+)"/g, '$1');
}

/** The tree of the expression, if it is one expression: the SQL around it must be unchanged. */
async function treeOf(where: string, ask: Ask, refuse: (problem: string) => never): Promise<Node> {
  if (where.includes('\0')) refuse('has a zero character');
  const parsed = await parse(`${clean}(${where}\n)`, ask);
  if (parsed.error === true) {
    const message = String(parsed.error_message);
    refuse(/Only SELECT/.test(message) ? 'has more than one statement' : `cannot be read: ${message}`);
  }
  const statements = parsed.statements as Node[];
  if (statements.length !== 1) refuse('has more than one statement');
  const around = (tree: Node) => {
    const node = (tree.statements as Node[])[0].node as Node;
    return JSON.stringify({ ...node, where_clause: null });
  };
  const own = await parse(`${clean}(true)`, ask);
  const node = statements[0].node as Node;
  if (around(parsed) !== around(own) || !node.where_clause) refuse('is more than one condition');
  return node.where_clause as Node;
}

interface Rules {
  refuse(problem: string): never;
  column(names: readonly string[]): readonly string[];
}

/** The same tree with generated column names. Throws for a node that is not listed. */
function vet(node: Node, rules: Rules): Node {
  const one = (key: string) => ({ [key]: node[key] === null ? null : vet(node[key] as Node, rules) });
  const list = (key: string) => ({ [key]: (node[key] as Node[]).map((child) => vet(child, rules)) });
  switch (node.class) {
    case 'CONSTANT':
      return node;
    case 'COLUMN_REF':
      return { ...node, column_names: rules.column(node.column_names as string[]) };
    case 'COMPARISON':
      return { ...node, ...one('left'), ...one('right') };
    case 'BETWEEN':
      return { ...node, ...one('input'), ...one('lower'), ...one('upper') };
    case 'CONJUNCTION':
      return { ...node, ...list('children') };
    case 'OPERATOR':
      if (!operators.has(String(node.type))) rules.refuse(`has ${String(node.type)}, which is not allowed`);
      return { ...node, ...list('children') };
    case 'CAST': {
      const { id } = node.cast_type as { id: string };
      if (!castTypes.has(id) && !id.startsWith('TIMESTAMP')) rules.refuse(`casts to ${id}, which is not allowed`);
      return { ...node, ...one('child') };
    }
    case 'CASE': {
      const checks = (node.case_checks as Node[]).map(({ when_expr: when, then_expr: then }) => ({
        when_expr: vet(when as Node, rules),
        then_expr: vet(then as Node, rules),
      }));
      return { ...node, case_checks: checks, ...one('else_expr') };
    }
    case 'FUNCTION': {
      const { function_name: name, schema, catalog, filter, distinct, order_bys: order, export_state: state } = node;
      const ordered = ((order as { orders?: unknown[] } | null)?.orders ?? []).length > 0;
      const own = ['', 'main'].includes(String(schema)) && ['', 'system'].includes(String(catalog));
      const plain = own && !filter && !distinct && !state && !ordered;
      if (!plain || !functions.has(String(name))) rules.refuse(`calls ${String(name)}, which is not allowed`);
      return { ...node, ...list('children') };
    }
    default:
      return rules.refuse(`has ${what(String(node.class))}, which is not allowed`);
  }
}

function what(kind: string): string {
  if (kind === 'SUBQUERY') return 'a query of its own';
  return `a part of the kind ${kind.toLowerCase()}`;
}

function columnOf(name: string, columns: readonly string[], where: string, source: string): string {
  if (columns.includes(name)) return name;
  const same = columns.filter((column) => column.toLowerCase() === name.toLowerCase());
  if (same.length === 1) return same[0];
  const hint = same.length > 1 ? `there are ${same.join(' and ')}` : suggest(name, columns);
  throw new FormatError(
    source,
    `in --where ${JSON.stringify(where)}: there is no column ${name}; ${hint.replace(/^known are/, 'there are')}; texts stand between single quotes`,
  );
}
