// What stays: the server with its connections, and what must not be lost. `dynobot host ./server.ts --name notes` hosts both.
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

export interface Note {
  id: number;
  text: string;
}

class Notes extends EventEmitter<{ added: [note: Note] }> {
  readonly #all: Note[] = [];

  add(text: string): Note {
    const note = { id: this.#all.length + 1, text };
    this.#all.push(note);
    this.emit('added', note);
    return note;
  }

  all(): Note[] {
    return this.#all;
  }
}

export type { Notes };
export const notes = new Notes();
export const web = createServer();

web.listen(Number(process.env['PORT'] ?? 3000), () => console.log(`listening at http://localhost:${(web.address() as { port: number }).port}`));
