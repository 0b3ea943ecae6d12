import type { Socket } from 'node:net';
import { workerData, type MessagePort } from 'node:worker_threads';
import { dialSocket } from '../transports/dial.js';
import { AT, filled, GATE, RING_BYTES, STATE, type FromThread, type Shared, type ThreadError, type ToThread } from './shared.js';

/** What the thread of a blocking client's socket is started with. */
export interface ThreadData extends Shared {
  readonly address: string;
  readonly port: MessagePort;
}

const LINGER_MS = 2_000;
const READ_BYTES = 64 * 1024;

/** Reads a socket for a thread that may stand still, and writes for it what the socket does not take at once. */
class LineThread {
  readonly #numbers: Int32Array;

  constructor(private readonly data: ThreadData) {
    this.#numbers = data.numbers;
  }

  async run(): Promise<void> {
    try {
      // What is read goes into the ring from one buffer: streams and their events would be a tenth of a call's time.
      const { socket, name } = await dialSocket(this.data.address, {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (length, buffer) => this.#received(buffer.subarray(0, length)),
      });
      this.#tell({ tells: 'connected', name });
      this.#serve(socket);
      this.#enter(STATE.connected);
    } catch (error) {
      this.#over(error);
    }
  }

  #serve(socket: Socket): void {
    const { port } = this.data;
    const descriptor = (socket as { _handle?: { fd?: number } | null })._handle?.fd ?? -1;
    Atomics.store(this.#numbers, AT.descriptor, process.platform === 'win32' ? -1 : descriptor);
    let failure: Error | undefined;
    this.#guardDescriptor(socket);
    this.#resume = () => void socket.resume();
    socket.on('error', (error) => (failure = error));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#over(failure));
    socket.on('drain', () => this.#tell({ tells: 'drained' }));
    port.on('message', (message: ToThread) => this.#told(socket, message));
  }

  /** Once it is closed, its number may soon be that of another file of the process: the other thread must not write to it. */
  #guardDescriptor(socket: Socket): void {
    const destroy = socket._destroy.bind(socket);
    socket._destroy = (error, done) => {
      while (Atomics.compareExchange(this.#numbers, AT.gate, GATE.free, GATE.shut) === GATE.writing);
      destroy(error, done);
    };
  }

  /** False: no more is to be read until there is room. */
  #received(chunk: Uint8Array): boolean {
    if (this.#isEnding) return true;
    const room = Math.min(chunk.length, RING_BYTES - filled(this.data));
    this.#put(chunk.subarray(0, room));
    if (room === chunk.length) return true;
    // A copy, since the buffer is for the next to be read.
    const rest = Uint8Array.from(chunk.subarray(room));
    this.#whenRoom = () => {
      if (this.#received(rest)) this.#resume();
    };
    Atomics.store(this.#numbers, AT.full, 1);
    // The client may have taken all of it meanwhile, and would not say so.
    if (filled(this.data) < RING_BYTES) setImmediate(() => this.#more());
    return false;
  }

  #isEnding = false;
  #resume = (): void => {};
  #whenRoom: (() => void) | undefined;

  #more(): void {
    Atomics.store(this.#numbers, AT.full, 0);
    const goOn = this.#whenRoom;
    this.#whenRoom = undefined;
    goOn?.();
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const at = (Atomics.load(this.#numbers, AT.written) >>> 0) % RING_BYTES;
    const untilEnd = Math.min(bytes.length, RING_BYTES - at);
    this.data.ring.set(bytes.subarray(0, untilEnd), at);
    if (untilEnd < bytes.length) this.data.ring.set(bytes.subarray(untilEnd), 0);
    Atomics.add(this.#numbers, AT.written, bytes.length);
    Atomics.notify(this.#numbers, AT.written);
    // A client that stands still has seen it by now; one that does not is woken once.
    if (Atomics.exchange(this.#numbers, AT.told, 1) === 0) this.#tell({ tells: 'data' });
  }

  #told(socket: Socket, message: ToThread): void {
    if (message === 'more') return this.#more();
    if (message === 'destroy') return void socket.destroy();
    if (message === 'end') return this.#end(socket);
    socket.write(message, () => void Atomics.sub(this.#numbers, AT.queued, message.length));
  }

  /** What is still to come is not wanted, but a socket that holds it unread would be reset. */
  #end(socket: Socket): void {
    this.#whenRoom = undefined;
    this.#isEnding = true;
    socket.resume();
    socket.end(() => setTimeout(() => socket.destroy(), LINGER_MS));
  }

  #over(error: unknown): void {
    this.#tell({ tells: 'over', error: error === undefined ? undefined : partsOf(error) });
    this.#enter(STATE.over);
    this.data.port.close();
  }

  #enter(state: number): void {
    Atomics.store(this.#numbers, AT.state, state);
    Atomics.notify(this.#numbers, AT.state);
    // Not a byte, but a reason to look: the client waits for one number only.
    Atomics.notify(this.#numbers, AT.written);
  }

  #tell(message: FromThread): void {
    this.data.port.postMessage(message);
  }
}

function partsOf(error: unknown): ThreadError {
  const { code, message, cause } = error as { code?: string; message: string; cause?: { code?: string; message: string } };
  return { code, message, ...(cause !== undefined && { cause: { code: cause.code, message: cause.message } }) };
}

void new LineThread(workerData as ThreadData).run();
