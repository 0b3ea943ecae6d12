/** One line of the protocol: `[@tags] [:source] COMMAND params… [:the last may have spaces]`. */
export interface Message {
  readonly source: string | undefined;
  readonly command: string;
  readonly params: readonly string[];
}

const LINE = /^(?:@\S+ +)?(?::(?<source>\S+) +)?(?<command>[A-Za-z]+|\d{3})(?<rest>.*)$/;

/** The message in a line without its line end, or undefined where there is none. */
export function parse(line: string): Message | undefined {
  const { source, command, rest } = LINE.exec(line)?.groups ?? {};
  if (command === undefined || rest === undefined) return undefined;
  return { source, command: command.toUpperCase(), params: parseParams(rest) };
}

function parseParams(rest: string): string[] {
  const colon = rest.indexOf(' :');
  const head = colon < 0 ? rest : rest.slice(0, colon);
  const params = head.split(' ').filter((param) => param !== '');
  return colon < 0 ? params : [...params, rest.slice(colon + 2)];
}

/** The line of a message, without its line end. */
export function format(source: string, command: string, params: readonly string[]): string {
  const last = params.at(-1);
  if (last === undefined) return `:${source} ${command}`;
  const head = params.slice(0, -1).map((param) => `${param} `).join('');
  return `:${source} ${command} ${head}${needsColon(last) ? ':' : ''}${last}`;
}

function needsColon(param: string): boolean {
  return param === '' || param.startsWith(':') || param.includes(' ');
}

/** The nick in a source such as `alice!~a@127.0.0.1`; a server's source is its own name. */
export function nickOf(source: string | undefined): string {
  return source?.split('!', 1)[0] ?? '';
}
