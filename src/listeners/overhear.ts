/** What of an emitter is used here. */
export interface Emitter {
  emit(event: unknown, ...args: unknown[]): unknown;
  listenerCount?(event: unknown): number;
}

type Hear = (event: unknown, args: unknown[]) => void;

const overheard = new WeakMap<object, Set<Hear>>();

/**
 * Tells `hear` of everything that an emitter emits, whoever listens for it. Meanwhile an `error` that nobody listens for is
 * not thrown: who hears of it has to see to it.
 *
 * @returns what ends it
 */
export function overhear(emitter: Emitter, hear: Hear): () => void {
  let hearing = overheard.get(emitter);
  if (hearing === undefined) overheard.set(emitter, (hearing = begin(emitter)));
  const all = hearing;
  all.add(hear);
  return () => {
    all.delete(hear);
    if (all.size === 0) end(emitter);
  };
}

/** An accessor, because it is none of the emitter's own methods: the emitter looks to others as it did before. */
function begin(emitter: Emitter): Set<Hear> {
  const hearing = new Set<Hear>();
  const { emit } = emitter;
  const own = Object.getOwnPropertyDescriptor(emitter, 'emit');
  const tell = function (this: Emitter, event: unknown, ...args: unknown[]): unknown {
    for (const hear of hearing) hear(event, args);
    if (hearing.size > 0 && event === 'error' && this.listenerCount?.('error') === 0) return true;
    return emit.call(this, event, ...args);
  };
  const set = (value: unknown): void => void Reflect.defineProperty(emitter, 'emit', { value, writable: true, enumerable: true, configurable: true });
  Reflect.defineProperty(emitter, 'emit', { get: () => tell, set, configurable: true, enumerable: false });
  undo.set(emitter, () => {
    // Somebody else may have put a function of theirs in its place, which calls ours.
    if (Object.getOwnPropertyDescriptor(emitter, 'emit')?.set !== set) return;
    if (own === undefined) Reflect.deleteProperty(emitter, 'emit');
    else Reflect.defineProperty(emitter, 'emit', own);
  });
  return hearing;
}

const undo = new WeakMap<object, () => void>();

function end(emitter: Emitter): void {
  overheard.delete(emitter);
  undo.get(emitter)?.();
  undo.delete(emitter);
}
