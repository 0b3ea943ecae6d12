// Web streams in a project that has the types of the DOM, as it has by default: the global ones are not Node's there.
import type { ReadableStream as NodesReadable } from 'node:stream/web';
import type { Remote } from '../../../src/types/remote.js';

interface Files {
  read(name: string): ReadableStream<string>;
  write(name: string): WritableStream<string>;
  change(): TransformStream<string, number>;
  upload(body: ReadableStream<string>): void;
  readNodes(): NodesReadable<string>;
}

export async function use(files: Remote<Files>, body: ReadableStream<string>): Promise<void> {
  const readable: ReadableStream<string> = await files.read('a');
  readable.locked satisfies boolean;
  const { value } = await readable.getReader().read();
  value satisfies string | undefined;
  const writable: WritableStream<string> = await files.write('a');
  await writable.getWriter().write('text');
  // @ts-expect-error -- text is written, no number
  await writable.getWriter().write(1);
  const { readable: numbers }: TransformStream<string, number> = await files.change();
  for await (const number of numbers) number satisfies number;
  await files.upload(body);
  const nodes: NodesReadable<string> = await files.readNodes();
  nodes.locked satisfies boolean;
}
