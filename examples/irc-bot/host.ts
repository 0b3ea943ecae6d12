// The process that stays. `dynobot host ./irc.ts` does the same.
import { host } from 'dynobot';
import { irc } from './irc.js';
import { hostName } from './settings.js';

await host({ irc }, { name: hostName });
console.log(`hosting irc as ${hostName}`);
