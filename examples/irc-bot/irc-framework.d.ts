/** irc-framework ships no types; these are of what the example uses of it. */
declare module 'irc-framework' {
  export interface ConnectOptions {
    host: string;
    port: number;
    nick: string;
    username?: string;
    gecos?: string;
    tls?: boolean;
    auto_reconnect?: boolean;
  }

  export interface MessageEvent {
    type: 'privmsg' | 'notice' | 'action';
    from_server: boolean;
    nick: string;
    target: string;
    message: string;
    /** Answers where the message came from: in the channel, or to the one who sent it. */
    reply: (message: string) => void;
  }

  export interface ChannelEvent {
    nick: string;
    channel: string;
    message?: string;
  }

  export interface QuitEvent {
    nick: string;
    message: string;
  }

  export interface RegisteredEvent {
    nick: string;
  }

  export interface ChannelUser {
    nick: string;
    modes: string[];
  }

  /** A channel that the client is in. */
  export class Channel {
    readonly name: string;
    readonly users: ChannelUser[];
    say(message: string): void;
    notice(message: string): void;
    join(key?: string): void;
    part(message?: string): void;
  }

  export class Client {
    readonly connected: boolean;
    readonly user: { readonly nick: string };

    connect(options: ConnectOptions): void;
    quit(message?: string): void;
    say(target: string, message: string): void;
    notice(target: string, message: string): void;
    join(channel: string, key?: string): void;
    part(channel: string, message?: string): void;
    channel(name: string, key?: string): Channel;
    whois(nick: string, callback: (event: { nick: string; channels?: string; error?: string }) => void): void;
    who(target: string, callback: (event: { users: { nick: string; channel: string }[] }) => void): void;
    raw(...words: (string | number)[]): void;
    caseLower(name: string): string;

    on(event: 'message' | 'privmsg' | 'notice' | 'action', listener: (event: MessageEvent) => void): this;
    on(event: 'join' | 'part', listener: (event: ChannelEvent) => void): this;
    on(event: 'quit', listener: (event: QuitEvent) => void): this;
    on(event: 'kick', listener: (event: { nick: string; kicked: string; channel: string }) => void): this;
    on(event: 'nick', listener: (event: { nick: string; new_nick: string }) => void): this;
    on(event: 'registered' | 'connected', listener: (event: RegisteredEvent) => void): this;
    on(event: 'nick in use', listener: (event: { nick: string; reason: string }) => void): this;
    on(event: 'close', listener: (failed: boolean) => void): this;
    on(event: 'userlist', listener: (event: { channel: string; users: ChannelUser[] }) => void): this;
    once: Client['on'];
    off: Client['on'];

    listenerCount(event: string): number;
    eventNames(): (string | symbol)[];
  }
}
