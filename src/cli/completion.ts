import { runInThisContext } from 'node:vm';
import { isProxy } from '../index.js';
import { membersOf } from './members.js';

/**
 * Completes `name.beginning` at the end of a line, where `name` is a variable that holds a proxy: with what its mirrored
 * class and snapshot have, which asks nothing of the host. Undefined for all else.
 */
export function completion(line: string): [members: string[], beginning: string] | undefined {
  const [, name, beginning = ''] = /(?:^|[^\w$.])([A-Za-z_$][\w$]*)\.([\w$]*)$/.exec(line) ?? [];
  const proxy = name === undefined ? undefined : variable(name);
  if (!isProxy(proxy)) return undefined;
  const { methods, listening, properties } = membersOf(proxy as object);
  const members = [...methods, ...listening, ...properties].filter((member) => member.startsWith(beginning));
  return [members.sort(), beginning];
}

/** The value of a variable, also of a `const` at the prompt, which is no property of the global object. */
function variable(name: string): unknown {
  try {
    return runInThisContext(name);
  } catch {
    return undefined;
  }
}
