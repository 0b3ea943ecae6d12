import { Failure } from './failure.js';
import { withHost, type HostOption } from './session.js';

/** `dynobot forget`: ends a role that no process comes for any more. */
export async function forget(role: string, options: HostOption): Promise<void> {
  await withHost('forget', options, async (connection) => {
    if (!(await connection.forgetRole(role))) throw new Failure(`${connection.host} has no role ${JSON.stringify(role)}`);
  });
}
