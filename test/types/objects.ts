import type { AssignableName, ByCopy, ByReference, Original, Received, Remote, RemoteObject, Sent, Services, Snapshot } from '../../src/types/remote.js';
import { is, same } from './expect.js';

class Channel {
  topic = 'none';
  readonly name: string;
  _secret = 1;
  hidden?: () => void;
  static count = 0;
  static find(name: string): Channel { return new Channel(name); }
  constructor(name: string, options?: { onLeave: (channel: Channel) => void }) { this.name = name; void options; }
  get members(): string[] { return []; }
  say(text: string): this { void text; return this; }
  async history(limit = 10): Promise<{ text: string; again: (n: number) => void }[]> { return limit ? [] : []; }
  each(visit: (channel: Channel, index: number) => boolean): number { return visit(this, 0) ? 1 : 0; }
  move(to: Channel): void { void to; }
  compare(a: number): number;
  compare(a: string, b: string): boolean;
  compare(a: string | number): number | boolean { return a === 1 ? 1 : true; }
  toJSON(): string { return ''; }
}

interface Bot {
  channel(name: string): Channel;
  wait(seconds: number, signal?: AbortSignal): Promise<Channel>;
  readonly user: { nick: string; away: boolean };
  log: (text: string) => void;
  maybe?: (text: string) => number;
  onclose: (() => void) | null;
  Channel: typeof Channel;
}

declare const { bot, add, Channel: ChannelHere, math, config }: Services<{
  bot: Bot; add: (a: number, b: number) => number; Channel: typeof Channel;
  math: { add(a: number, b: number): number; pi: number; then(): void }; config: { deep: { a: 1 } };
}>;

async function members(): Promise<void> {
  is<number>()(await add(1, 2));
  is<number>()(await math.add(1, 2));
  is<Promise<number>>()(math.pi);
  // @ts-expect-error `then` does not cross: a reference is not a promise
  void math.then;
  is<{ a: 1 }>()(await config.deep);
  is<{ nick: string; away: boolean }>()(await bot.user);
  is<Promise<void>>()(bot.log('x'));
  is<Promise<number> | undefined>()(bot.maybe?.('x'));
  void (await bot.onclose)?.();

  using channel = await bot.channel('#a');
  is<RemoteObject<Channel>>()(channel);
  is<RemoteObject<Channel>>()(await bot.wait(1, AbortSignal.timeout(10)));
  is<Promise<string>>()(channel.name);
  is<Promise<string[]>>()(channel.members);
  is<RemoteObject<Channel>>()(await channel.say('x'));
  const [line] = await channel.history();
  is<string | undefined>()(line?.text);
  is<Promise<void> | undefined>()(line?.again(1));
  is<Promise<number>>()(channel.compare(1));
  is<Promise<boolean>>()(channel.compare('a', 'b'));

  // Callbacks get what arrives, and may be asynchronous.
  is<number>()(await channel.each((c, index) => { is<RemoteObject<Channel>>()(c); is<number>()(index); return true; }));
  await channel.each(async (c) => (await c.name) === '#a');
  // @ts-expect-error a callback's result is checked
  await channel.each(async () => 'no');
  // @ts-expect-error in a callback, too, a property is a promise
  await channel.each((c) => c.name === '#a');
  // What came from there can go back, and so can a local one.
  await channel.move(channel);
  await channel.move(new Channel('#b'));
  // @ts-expect-error not a channel
  await channel.move({ name: '#c' });
  // @ts-expect-error not a string
  await channel.say(1);
  // @ts-expect-error no such overload
  await channel.compare('a');
  // @ts-expect-error a promise is not a string
  void channel.topic.length;
  // @ts-expect-error read-only: what is read is not what would be assigned
  channel.topic = 'new';
  // @ts-expect-error names with _ do not cross
  void channel._secret;
  // @ts-expect-error nor `toJSON`
  void channel.toJSON;

  const made = await new ChannelHere('#c', { onLeave: (c) => is<RemoteObject<Channel>>()(c) });
  is<RemoteObject<Channel>>()(made);
  is<Promise<number>>()(ChannelHere.count);
  is<RemoteObject<Channel>>()(await ChannelHere.find('#d'));
  // @ts-expect-error arguments of constructors are checked
  void new ChannelHere(1);
  // A class that is a property is read first, like all data.
  is<RemoteObject<Channel>>()(await new (await bot.Channel)('#e'));
  using fn = add as Received<(a: number) => number>;
  void fn;
}

same<AssignableName<Channel>, 'topic'>(true);
same<keyof Snapshot<Channel>, 'topic' | 'name'>(true);
same<Original<Remote<Channel>>, Channel>(true);
same<Remote<Remote<Channel>>, Remote<Channel>>(true);
same<Received<Remote<Channel>>, Remote<Channel>>(true);

// Which object types are references: the rule in kinds.ts, sign by sign.
type IsReference<T> = [Received<T>] extends [Disposable] ? true : false;
class WithPrivate { private secret = 1; text = ''; use(): number { return this.secret; } }
class WithHash { #secret = 1; use = (n: number): number => this.#secret + n; }
class OnlyData { text = ''; }
class ArrowMembers { text = ''; say = (text: string): void => void text; stop(): void {} }
same<IsReference<WithPrivate>, true>(true);
same<IsReference<WithHash>, true>(true);
same<IsReference<OnlyData>, false>(true);                                  // imprecise: see ByReference
same<IsReference<ArrowMembers>, false>(true);                              // imprecise
same<IsReference<{ on: (event: string, f: () => void) => void }>, true>(true);
same<IsReference<{ addEventListener(type: string, f: () => void): void }>, true>(true);
same<IsReference<{ text: string; say(text: string): void }>, true>(true);
same<IsReference<{ text: string; say(text: string): void; say(a: number): void }>, true>(true);
same<IsReference<{ text: string; say: (text: string) => void }>, false>(true);
same<IsReference<{ text: string; say?: (text: string) => void; stop: () => void }>, false>(true);
same<IsReference<{ text: string; next?(f: (a: string) => void): void }>, true>(true);
same<IsReference<{ text: string; stop: () => void }>, true>(true);         // in doubt
same<IsReference<{ text: string }>, false>(true);
same<IsReference<Record<string, (text: string) => void>>, false>(true);
same<IsReference<ByReference<OnlyData>>, true>(true);
same<IsReference<ByCopy<{ text: string; say(text: string): void }>>, false>(true);
same<IsReference<ByCopy<WithPrivate>>, false>(true);

// Iterables, subclasses of what is copied, functions with members.
class Queue { *[Symbol.iterator](): Generator<string> { yield ''; } add(text: string): void { void text; } }
class Cache extends Map<string, { reply: (text: string) => number }> { first(): string { return ''; } }
async function iterate(queue: Received<Queue>, cache: Received<Cache>, generator: Received<Generator<number, string, boolean>>): Promise<void> {
  for await (const text of queue) is<string>()(text);
  for await (const [name, { reply }] of cache) { is<string>()(name); is<Promise<number>>()(reply('x')); }
  is<IteratorResult<number, string>>()(await generator.next(true));
  is<string>()(await cache.first());
  await using log = {} as Remote<{ (text: string): void; level: number }>;
  is<Promise<void>>()(log('x'));
  is<Promise<number>>()(log.level);
}

// The markers are types only: the thing itself fits.
const marked: ByReference<OnlyData> = new OnlyData();
const copied: ByCopy<{ say(text: string): void }> = { say: () => {} };
const unmarked: OnlyData = marked;
declare const received: Received<ByCopy<{ text: string; say(text: string): number }>>;
is<string>()(received.text);
is<Promise<number>>()(received.say('x'));
const back: Sent<ByCopy<{ text: string; say(text: string): number }>> = received;
void [members, iterate, copied, unmarked, back];
