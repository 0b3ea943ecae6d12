import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const DYNOBOT = new URL('../../dist/index.js', import.meta.url).href;

/** Runs a program in a process of its own, with dynobot as built, `connection` and `services` at hand. Returns what it prints. */
export async function builtClient(address: string, program: string): Promise<string> {
  const whole = `
    import { connect } from ${JSON.stringify(DYNOBOT)};
    import net from 'node:net';
    const connection = await connect(${JSON.stringify(address)});
    const { services } = connection;
    ${program}
    await connection.close();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', whole], { timeout: 20_000 });
  return stdout.trim();
}
