// The functions that take a proxy know what it stands for.
import { release, set, snapshot, within, type Remote } from 'dynobot';
import { is } from './expect.js';

class Client {
  nick = 'dyno';
  channels = ['#x'];
  say(_text: string): void {}
}

declare const irc: Remote<Client>;

const known = snapshot(irc);
is<string | undefined>()(known?.nick);
// @ts-expect-error what is not primitive is not in a snapshot
void known?.channels;

set(irc, 'nick', 'bob');
set(irc, 'channels', ['#y']);
// @ts-expect-error the value has the property's type
set(irc, 'nick', 1);
// @ts-expect-error methods are not assigned
set(irc, 'say', () => {});
// @ts-expect-error reading gives a promise, so the property itself is read-only
irc.nick = 'bob';

is<Remote<Client>>()(within(irc, { timeout: 100 }));
release(irc);
