// Writes the tables of error codes and of limits into the pages that show them, from src/errors.ts and src/limits.ts.
// With --check it writes nothing, and fails if a page is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

const ROOT = new URL('../', import.meta.url);
const PAGES = { 'docs/errors.md': ['errors', 'limits'], 'SECURITY.md': ['limits'] };

const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');
const row = (...cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

/** The properties of an object literal or interface that is declared under `name`, each with its comment. */
function members(path, name) {
  const text = read(path);
  const found = [];
  const visit = (node) => {
    if ((ts.isVariableDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name.text === name) found.push(...membersOf(node));
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  if (found.length === 0) throw new Error(`${path} declares no ${name}`);
  return found;
}

function membersOf(declaration) {
  if (ts.isInterfaceDeclaration(declaration)) return declaration.members.map((member) => ({ name: member.name.text, comment: commentOf(member) }));
  let value = declaration.initializer;
  while (!ts.isObjectLiteralExpression(value)) value = ts.isCallExpression(value) ? value.arguments[0] : value.expression;
  return value.properties.map((property) => ({ name: property.name.text, value: property.initializer }));
}

const commentOf = (node) => ts.getJSDocCommentsAndTags(node).map(({ comment }) => comment).join(' ').replaceAll(/\s+/g, ' ');

function valueOf(expression) {
  if (ts.isObjectLiteralExpression(expression)) return Object.fromEntries(expression.properties.map((property) => [property.name.text, valueOf(property.initializer)]));
  if (ts.isNumericLiteral(expression)) return Number(expression.text.replaceAll('_', ''));
  if (ts.isBinaryExpression(expression)) return valueOf(expression.left) * valueOf(expression.right);
  return expression.text;
}

function errors() {
  const codes = members('src/errors.ts', 'CODES').map(({ name, value }) => ({ code: name, ...valueOf(value) }));
  return table(['code', 'kind', 'means'], codes.map(({ code, kind, means }) => [`\`${code}\``, kind, means]));
}

function limits() {
  const values = new Map(members('src/limits.ts', 'LIMITS').map(({ name, value }) => [name, valueOf(value)]));
  const rows = members('src/limits.ts', 'Limits').map(({ name, comment }) => [`\`${name}\``, values.get(name).toLocaleString('en'), comment]);
  return table(['limit', 'default', 'what it bounds'], rows);
}

const TABLES = { errors, limits };

function filled(page, text, name) {
  const [begin, end] = [`<!-- ${name}: written by scripts/docs-tables.mjs -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the table of ${name}`);
  return `${text.slice(0, from + begin.length)}\n${TABLES[name]()}\n${text.slice(to)}`;
}

for (const [page, names] of Object.entries(PAGES)) {
  const text = read(page);
  const current = names.reduce((filling, name) => filled(page, filling, name), text);
  if (current === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${page} is out of date: node scripts/docs-tables.mjs`);
    process.exitCode = 1;
  } else {
    writeFileSync(new URL(page, ROOT), current);
    console.log(`${page} written`);
  }
}
