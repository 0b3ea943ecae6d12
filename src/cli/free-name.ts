import { DynobotError } from '../index.js';
import { open } from './session.js';

/**
 * To run a module may have effects, such as a second login to an IRC server: better find out before.
 *
 * @throws DynobotError ERR_DYNOBOT_NAME_TAKEN, with the process that has the name
 */
export async function mustBeFree(command: string, name: string): Promise<void> {
  const other = await open(command, name).catch((error: unknown) => {
    if (error instanceof DynobotError && error.kind !== 'usage') return undefined;
    throw error;
  });
  if (other === undefined) return;
  const { pid } = await other.inspect();
  await other.close();
  throw new DynobotError('ERR_DYNOBOT_NAME_TAKEN', `Process ${pid} hosts ${name} already. Stop it, or choose another --name.`);
}
