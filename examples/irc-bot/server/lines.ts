/** RFC 1459 allows 512 bytes a line; more than this without a line end is not IRC. */
const LONGEST = 8192;

/** Cuts what arrives into lines, wherever it was cut on its way. Returns false once a line is too long to be one. */
export function lineReader(onLine: (line: string) => void): (chunk: string) => boolean {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    return rest.length <= LONGEST;
  };
}
