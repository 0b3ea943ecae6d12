import { parseArgs } from 'node:util';

/** Numbers by name, each with its default: `--seconds 20`. */
export function options(defaults) {
  const { values } = parseArgs({ options: Object.fromEntries([...Object.keys(defaults).map((name) => [name, { type: 'string' }]), ['json', { type: 'boolean' }]]) });
  const numbers = Object.entries(defaults).map(([name, standard]) => [name, values[name] === undefined ? standard : Number(values[name])]);
  for (const [name, number] of numbers) if (!Number.isFinite(number)) throw new Error(`--${name} takes a number, not ${values[name]}`);
  return { ...Object.fromEntries(numbers), json: values.json === true };
}
