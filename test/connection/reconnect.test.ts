import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect, snapshot, within as limited, type Connection, type ConnectOptions } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { HostProcess, NOTHING } from '../support/host-process.js';
import type { Services } from './fixtures/station.js';

const STATION = new URL('fixtures/station.ts', import.meta.url);

/** A host that can be restarted under its name, with a connection to it. At the end nothing of the client may be left. */
class Stage {
  heard: string[] = [];
  readonly happened: string[] = [];
  #host!: HostProcess;
  connection!: Connection<Services>;

  static async set(options: ConnectOptions = {}): Promise<Stage> {
    const stage = new Stage();
    stage.#host = await HostProcess.start(STATION);
    stage.connection = await connect<Services>(stage.#host.name, { name: 'client', ...options });
    const { connection, happened } = stage;
    connection.on('disconnect', ({ code }) => happened.push(`disconnect ${code}`)).on('reconnect', () => happened.push('reconnect'));
    connection.on('close', (reason) => happened.push(`close ${reason?.code}`));
    connection.on('service', (name) => happened.push(`service ${name}`)).on('withdraw', (name) => happened.push(`withdraw ${name}`));
    connection.on('error', (error, where) => happened.push(`error ${where}: ${(error as { code?: string }).code}`));
    onTestFinished(() => stage.strike());
    return stage;
  }

  get host(): HostProcess {
    return this.#host;
  }

  get services() {
    return this.connection.services;
  }

  /** SIGKILL, and the connection knows it. */
  async kill(): Promise<void> {
    const lost = once(this.connection, 'disconnect');
    await this.#host.stop();
    await lost;
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    const back = this.connection.connected ? undefined : once(this.connection, 'reconnect');
    this.#host = await HostProcess.start(STATION, env, this.#host.name);
    await back;
  }

  async restart(env?: Record<string, string>): Promise<void> {
    await this.kill();
    await this.start(env);
  }

  hear(event: string): void {
    this.services.radio.on(event, (...args: unknown[]) => this.heard.push(`${event} ${args.join(' ')}`));
  }

  /** What the client has heard when the host has emitted. */
  emits(event: string, ...args: unknown[]): Promise<string[]> {
    return this.heardOf('emit', event, ...args);
  }

  /** What it has heard when the host has done something, after all that the client had asked for before. */
  async heardOf(question: string, ...args: unknown[]): Promise<string[]> {
    await this.services.add(1, 1);
    await this.#host.ask(question, ...args);
    await this.services.add(1, 1);
    return this.heard.splice(0);
  }

  async counts(): Promise<Record<string, number>> {
    await this.services.add(1, 1);
    return this.#host.ask('counts');
  }

  async strike(): Promise<void> {
    await this.connection.close();
    expect(this.connection.tables).toEqual(NOTHING);
    if (this.#host.isRunning) await this.#host.isClean();
    await this.#host.stop();
  }
}

describe('a connection whose host is killed and started again', () => {
  it('goes on with the same services, whose class may be another by now', async () => {
    const stage = await Stage.set();
    const { radio, add } = stage.services;
    const view = limited(radio, { timeout: 10_000 });
    expect(await radio.version()).toBe('1');
    await stage.restart({ VERSION: '2' });
    expect(stage.happened).toEqual(['disconnect ERR_DYNOBOT_DISCONNECTED', 'reconnect']);
    expect(stage.services.radio).toBe(radio);
    expect(stage.services.add).toBe(add);
    expect(await Promise.all([radio.version(), view.version(), add(2, 3)])).toEqual(['2', '2', 5]);
    expect(await (radio as unknown as { jingle(): Promise<string> }).jingle()).toBe('ding');
    expect(radio.constructor.name).toBe('Jukebox');
    expect(snapshot(radio)).toBeTypeOf('object');
    expect(stage.connection.connected).toBe(true);
    expect((await stage.connection.inspect()).sessions.map(({ client }) => client)).toEqual(['client']);
  });

  it('does so again and again, and after an orderly end', async () => {
    const stage = await Stage.set();
    stage.hear('news');
    for (let n = 1; n <= 5; n++) {
      const lost = once(stage.connection, 'disconnect');
      if (n % 2 === 0) await stage.host.ask('close');
      else stage.host.kill();
      await lost;
      await stage.host.stop();
      await stage.start();
      expect(await stage.emits('news', n)).toEqual([`news ${n}`]);
      expect(await stage.counts()).toEqual({ news: 1 });
    }
  });

  it('settles calls in flight, and refuses new ones until the host is back', async () => {
    const stage = await Stage.set();
    const hanging = stage.services.radio.hang().catch((error: { code: string }) => error.code);
    await stage.kill();
    expect(await hanging).toBe('ERR_DYNOBOT_DISCONNECTED');
    await expect(stage.services.radio.version()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED', message: expect.stringContaining('waits') as string });
    await expect(stage.connection.inspect()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
    expect(stage.connection.connected).toBe(false);
    (stage.services.radio as { title?: string }).title = 'lost';
    expect(stage.happened.at(-1)).toBe('error radio.title(): ERR_DYNOBOT_DISCONNECTED');
    await stage.start();
    expect(await stage.services.radio.version()).toBe('1');
  });

  it('leaves what came from the services stale', async () => {
    const stage = await Stage.set();
    const { radio } = stage.services;
    const track = await radio.track();
    await stage.kill();
    await expect(track.play()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_STALE' });
    await stage.start();
    await expect(track.play()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_STALE', kind: 'disconnected' });
    await expect(radio.isTrack(track)).rejects.toMatchObject({ code: 'ERR_DYNOBOT_STALE' });
    const again = await radio.track();
    expect(again).not.toBe(track);
    expect(await again.play()).toBe('playing theme');
    expect(await radio.isTrack(again)).toBe(true);
  });
});

describe('listeners on services, when the host is back', () => {
  it('are what they were: in order, once, and none that was detached', async () => {
    const stage = await Stage.set();
    const { radio } = stage.services;
    const off = (): void => void stage.heard.push('detached');
    stage.hear('a');
    radio.prependListener('a', () => stage.heard.push('first'));
    radio.on('a', off).on('b', off).once('b', () => stage.heard.push('once b')).once('c', () => stage.heard.push('once c'));
    radio.off('a', off).removeAllListeners('b');
    expect(await stage.emits('c')).toEqual(['once c']);
    radio.once('d', () => stage.heard.push('once d'));
    await stage.restart();
    expect(await stage.counts()).toEqual({ a: 2, d: 1 });
    expect([...(await stage.emits('a', 1)), ...(await stage.emits('b')), ...(await stage.emits('c')), ...(await stage.emits('d')), ...(await stage.emits('d'))])
      .toEqual(['first', 'a 1', 'once d']);
    await stage.restart();
    expect(await stage.counts()).toEqual({ a: 2 });
  });

  it('are detached by the functions that were attached, whenever that was', async () => {
    const stage = await Stage.set();
    const { radio } = stage.services;
    const listener = (): void => void stage.heard.push('heard');
    radio.once('a', listener).on('a', listener).on('b', listener).once('c', listener);
    await stage.restart();
    radio.off('a', listener);
    expect([...(await stage.emits('a')), ...(await stage.emits('a'))]).toEqual(['heard']);
    radio.off('b', listener).off('c', listener);
    expect(await stage.counts()).toEqual({});
  });

  it('of an eventemitter3 are those that it has left, however they were removed', async () => {
    const stage = await Stage.set();
    const three = stage.services.three as unknown as Record<'on' | 'once' | 'off', (event: string, listener?: unknown, context?: unknown, once?: boolean) => void>;
    const [one, other] = [{ name: 'one' }, { name: 'other' }];
    const f = function (this: unknown): void { stage.heard.push(this === one ? 'one' : this === other ? 'other' : this === three ? 'three' : 'another'); };
    for (const context of [undefined, one]) three.on('all', f, context);
    three.once('all', f);
    three.off('all', f);
    three.once('context', f, one);
    three.on('context', f, other);
    three.on('context', f, one);
    three.off('context', f, one);
    three.on('once', f);
    three.once('once', f);
    three.off('once', f, undefined, true);
    three.on('itself', f);
    three.on('itself', f, 'text');
    three.on('itself', f, one);
    three.off('itself', f, three);
    three.off('itself', f, 'text');
    const left = { context: 1, once: 1, itself: 1 };
    await stage.services.add(1, 1);
    expect(await stage.host.ask('countsThree')).toEqual(left);
    await stage.restart();
    await stage.services.add(1, 1);
    expect(await stage.host.ask('countsThree')).toEqual(left);
    for (const event of ['context', 'once', 'itself']) await stage.host.ask('emitThree', event);
    await stage.services.add(1, 1);
    expect(stage.heard.splice(0)).toEqual(['other', 'three', 'one']);
  });

  it('are not those that were detached by what rawListeners shows of them', async () => {
    const stage = await Stage.set();
    const { radio } = stage.services;
    const listener = (): void => void stage.heard.push('heard');
    for (const event of ['a', 'b']) radio.once(event, listener);
    const [shown] = await radio.rawListeners('a');
    radio.off('a', shown as never);
    expect(await stage.counts()).toEqual({ b: 1 });
    await stage.restart();
    expect(await stage.counts()).toEqual({ b: 1 });
  });

  it('can be attached and detached while it is away', async () => {
    const stage = await Stage.set();
    const { radio, store } = stage.services;
    const listener = (): void => void stage.heard.push('heard');
    radio.on('a', listener);
    await stage.kill();
    radio.off('a', listener).on('b', listener);
    const end = store.subscribe((state) => void stage.heard.push(state)) as unknown as () => void;
    await stage.start();
    expect(await stage.counts()).toEqual({ b: 1 });
    expect(await stage.heardOf('set', 'key', 'new')).toEqual(['new']);
    end();
    expect(await stage.heardOf('set', 'key', 'newer')).toEqual([]);
  });

  it('are there again on event targets, with their options', async () => {
    const stage = await Stage.set();
    const { target } = stage.services;
    const stop = new AbortController();
    const listener = { handleEvent: () => void stage.heard.push('object') };
    target.addEventListener('a', listener);
    target.addEventListener('a', listener);
    target.addEventListener('a', () => stage.heard.push('once'), { once: true });
    target.addEventListener('a', () => stage.heard.push('aborted'), { signal: stop.signal });
    stop.abort();
    await stage.restart();
    expect([...(await stage.heardOf('dispatch', 'a')), ...(await stage.heardOf('dispatch', 'a'))]).toEqual(['object', 'once', 'object']);
    target.removeEventListener('a', listener);
    await stage.restart();
    expect(await stage.heardOf('dispatch', 'a')).toEqual([]);
  });

  it('are there again by declared methods', async () => {
    const stage = await Stage.set();
    const { store } = stage.services;
    const watcher = (): void => void stage.heard.push('watched');
    const gone = (): void => void stage.heard.push('gone');
    const end = store.subscribe((state) => void stage.heard.push(state)) as unknown as () => void;
    (store.subscribe(gone) as unknown as () => void)();
    store.watch('key', watcher);
    store.watch('key', gone);
    store.unwatch('key', gone);
    await stage.restart();
    expect(await stage.heardOf('set', 'key', 'one')).toEqual(['one', 'watched']);
    end();
    store.unwatch('key', watcher);
    expect(await stage.heardOf('set', 'key', 'two')).toEqual([]);
  });

  it('are not there again if the host has removed them', async () => {
    const stage = await Stage.set();
    stage.services.radio.on('a', () => {});
    stage.services.radio.on('b', () => {});
    expect(await stage.counts()).toEqual({ a: 1, b: 1 });
    await stage.host.ask('removeAll', 'a');
    await eventually('what the host holds of the client', async () => {
      await stage.host.ask('collect');
      return stage.connection.tables.exports;
    }, 1);
    await stage.restart();
    expect(await stage.counts()).toEqual({ b: 1 });
  });
});

describe('services of a host that is back', () => {
  it('are withdrawn where it has them no more, and the same when it publishes them later', async () => {
    const stage = await Stage.set();
    const { radio } = stage.services;
    stage.hear('a');
    await stage.restart({ WITHOUT: 'radio' });
    expect(stage.happened.slice(1)).toEqual(['reconnect', 'withdraw radio']);
    expect(() => stage.services.radio).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_NO_SERVICE' }));
    await expect(radio.version()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_NO_SERVICE' });
    const back = once(stage.connection, 'service');
    await stage.host.ask('publish', 'radio');
    expect(await back).toEqual(['radio']);
    expect(stage.services.radio).toBe(radio);
    expect(await stage.emits('a', 1)).toEqual(['a 1']);
  });
});

describe('a host that does not come back', () => {
  it('ends the connection when the time is over', async () => {
    const stage = await Stage.set({ reconnect: 300 });
    const track = await stage.services.radio.track();
    const closed = once(stage.connection, 'close');
    const start = performance.now();
    await stage.kill();
    const [reason] = (await closed) as [{ code: string; message: string }];
    expect(performance.now() - start).toBeGreaterThan(290);
    expect(reason).toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED', message: `${stage.host.name} has gone, and has not come back within 300 ms` });
    await expect(track.play()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
    await expect(stage.services.radio.version()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
    expect(() => stage.services.radio.on('a', () => {})).toThrow('not connected');
  });

  it('is not waited for by a connection that is closed, or was not to wait', async () => {
    const stage = await Stage.set();
    await stage.kill();
    await stage.connection.close();
    expect(stage.happened).toEqual(['disconnect ERR_DYNOBOT_DISCONNECTED', 'close undefined']);
    const impatient = await Stage.set({ reconnect: false });
    const closed = once(impatient.connection, 'close');
    await impatient.host.stop();
    await closed;
    expect(impatient.happened).toEqual(['close ERR_DYNOBOT_DISCONNECTED']);
  });

  it('is an argument that makes no sense where nothing can be dialed', async () => {
    await expect(connect(process as never, { reconnect: 5 })).rejects.toMatchObject({ code: 'ERR_DYNOBOT_ARGUMENT' });
    await expect(connect('nobody', { reconnect: 'yes' as never })).rejects.toMatchObject({ code: 'ERR_DYNOBOT_ARGUMENT' });
  });
});
