import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { EXIT } from './failure.js';

/** The command line, declared. What a command does is loaded when it is run. */
export function program(): Command {
  const dynobot = new Command('dynobot')
    .description('Keep the connection, swap the code: host objects in one process, use them from others.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used)')
    .addHelpText('after', `\nExit codes: ${EXIT.ok} done, ${EXIT.failed} failed, ${EXIT.usage} wrong usage, ${EXIT.unavailable} no such host, or it has gone.`);
  declareHost(dynobot);
  declareRun(dynobot);
  declareServe(dynobot);
  declareLooking(dynobot);
  declareUsing(dynobot);
  return dynobot;
}

function declareHost(dynobot: Command): void {
  dynobot.command('host')
    .description('host every export of a module as a service')
    .argument('<module>', 'JavaScript or TypeScript')
    .option('--name <name>', "what clients connect to (default: the file's name)")
    .addHelpText('after', '\nA module may export options of the host, such as bounds of roles, by the name dynobot:\n  export const dynobot = { roles: { responder: { age: 60_000 } } };')
    .addHelpText('after', example('dynobot host ./irc.ts --name bot'))
    .action(async (module, options) => (await import('./host.js')).hostModule(module, options));
}

function declareRun(dynobot: Command): void {
  dynobot.command('run')
    .description('run scripts whose connect() knows the host; with --watch, a save hands their work over to the new version')
    .argument('<scripts...>', "JavaScript or TypeScript; the scripts' own arguments behind --")
    .addOption(new Option('--host <name>', 'the host that connect() leads to (default: the only live one)').env('DYNOBOT_HOST'))
    .option('--role <name>', "the role that it takes turns in (default, where there are turns: the script's name)")
    .option('--watch', 'start a new version beside the old when the script, what it imports, .env or package.json is saved')
    .option('--instances <n>', 'so many processes of each script, which share its role')
    .option('--deadline <s>', 'seconds that a process has until it is ready (default: 30)')
    .addHelpText('after', example('dynobot run ./bot.ts --host bot --watch -- --loud'))
    .action(async (operands, options) => (await import('./run.js')).run(...aroundDashes(operands), options));
}

/** What stands before `--`, and what behind. */
function aroundDashes(operands: string[]): [before: string[], behind: string[]] {
  const dashes = process.argv.indexOf('--');
  const behind = dashes < 0 ? 0 : process.argv.length - 1 - dashes;
  return [operands.slice(0, operands.length - behind), operands.slice(operands.length - behind)];
}

function declareServe(dynobot: Command): void {
  dynobot.command('serve')
    .description('keep an HTTP server up, and run the app that answers its requests beside it')
    .argument('<app>', 'JavaScript or TypeScript: exports an app, or listens on $PORT')
    .argument('[args...]', "the app's own; behind -- if they begin with a dash")
    .addOption(new Option('--port <port>', 'where to listen; 0: any free port').env('PORT').default('3000'))
    .option('--address <address>', 'of which network interface (default: all)')
    .option('--name <name>', "the host's name (default: the file's)")
    .option('--instances <n>', 'how many processes of the app share the requests')
    .option('--drain <s>', 'seconds after which what a replaced process has not finished is cut off: long responses, SSE, WebSockets, uploads', '10')
    .option('--watch', 'take over new versions as they are saved', true)
    .option('--no-watch', 'do not')
    .addHelpText('after', example('dynobot serve --port 3000 ./app.ts'))
    .action(async (app, args, options) => (await import('./serve.js')).serve(app, args, options));
}

function declareLooking(dynobot: Command): void {
  dynobot.command('ls')
    .description('list the hosts of this user')
    .option('--json', 'for a machine: one array')
    .option('--prune', 'remove the sockets of hosts that have died')
    .addHelpText('after', example('dynobot ls'))
    .action(async (options) => (await import('./ls.js')).ls(options));
  dynobot.command('forget')
    .description('end a role that no process comes for any more, with what is held for it')
    .argument('<role>')
    .addOption(hostOption())
    .addHelpText('after', example('dynobot forget responder --host bot'))
    .action(async (role, options) => (await import('./forget.js')).forget(role, options));
  dynobot.command('inspect')
    .description('show the services, sessions, references, listeners and pending calls of a host')
    .argument('[host]', 'its name or the path of its socket (default: $DYNOBOT_HOST, or the only live host)')
    .option('--json', 'for a machine: one object')
    .addHelpText('after', example('dynobot inspect bot'))
    .action(async (host, options) => (await import('./inspect.js')).inspect(host, options));
}

function declareUsing(dynobot: Command): void {
  dynobot.command('call')
    .description('call a method of a service, or read a property')
    .argument('<service>')
    .argument('[member]', 'a method or property, or a path to one (user.nick); a service that is a function needs none')
    .argument('[args...]', 'JSON where they are JSON, else strings; behind -- if they begin with a dash')
    .addOption(hostOption())
    .option('--timeout <ms>', 'give up after so many milliseconds')
    .option('--json', 'for a machine: the result as one line of JSON')
    .addHelpText('after', example("dynobot call irc say '#chan' 'hi'"))
    .action(async (service, member, args, options) => (await import('./call.js')).call(service, member, args, options));
  dynobot.command('events')
    .description('show events as they happen, one line of JSON each, until Ctrl-C')
    .argument('<service>')
    .argument('<events...>')
    .addOption(hostOption())
    .addHelpText('after', example('dynobot events irc message join'))
    .action(async (service, events, options) => (await import('./events.js')).events(service, events, options));
  dynobot.command('repl')
    .description('use services at a prompt, which awaits every result')
    .argument('[services...]', 'these only (default: all)')
    .addOption(hostOption())
    .addHelpText('after', example('dynobot repl irc'))
    .action(async (services, options) => (await import('./repl.js')).repl(services, options));
}

function hostOption(): Option {
  return new Option('--host <name>', 'its name or the path of its socket (default: the only live host, or the only one with that service)').env('DYNOBOT_HOST');
}

function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
