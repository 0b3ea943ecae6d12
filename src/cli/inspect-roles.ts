import type { HandoverReport, MemberReport, RoleReport } from '../index.js';
import { count, duration, printable } from './output.js';

/** A role: who is in it, what waits, what was dropped, and the last change. */
export function roleRows(role: RoleReport): string[][] {
  const { name, vacant, parked, waiting, dropped, last } = role;
  const held = `${count(parked.events, 'event')} parked${parked.events > 0 ? ` (${parked.bytes} bytes, the oldest for ${duration(parked.age)})` : ''}, ${waiting} waiting`;
  const lost = dropped.reduce((sum, { count: dropped }) => sum + dropped, 0);
  const rows = [[printable(name), vacant === undefined ? 'live' : `nobody for ${duration(vacant)}`, held, `${lost} dropped`]];
  if (role.declared !== undefined) rows.push(['', '', `without options: declared are ${printable(role.declared.join(', '))}`]);
  for (const member of role.members) rows.push(memberRow(member));
  for (const { on, event, count: dropped, reasons } of role.dropped) {
    rows.push(['', '', `${printable(`${on} ${event}`)}: ${dropped} dropped`, Object.entries(reasons).map(([reason, times]) => `${times} ${reason}`).join(', ')]);
  }
  if (last !== undefined) rows.push(['', '', `last handover ${duration(last.age)} ago`, handover(last)]);
  return rows;
}

function memberRow({ instance, client, pid, stage, inHand, waiting }: MemberReport): string[] {
  const place = instance === '' ? '' : ` (${printable(instance)})`;
  return ['', stage, `${printable(client)}[${pid}]${place}`, `${inHand} in hand, ${waiting} waiting`];
}

function handover({ from, to, gap, parked, state }: HandoverReport): string {
  const who = from === undefined ? 'to' : `${printable(from.client)}[${from.pid}] to`;
  return `${who} ${printable(to.client)}[${to.pid}], gap ${gap.toFixed(1)} ms, ${parked} parked${state === undefined ? '' : `, state ${state}`}`;
}
