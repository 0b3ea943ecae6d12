import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../src/transports/address.js';
import { eventually } from '../support/eventually.js';
import { beside } from './beside.js';
import { ByHand } from './by-hand.js';
import type { Services } from './fixtures/victim-host.js';

const at = beside<Services>(new URL('fixtures/victim-host.ts', import.meta.url), ({ services }) => services.emitter.on('x', () => {}));
let handled = 0;

/** Nothing of the session is left, and nothing else was touched. */
async function isUntouched(): Promise<void> {
  expect(await at.innocent.services.target.echo({ still: ['here'] })).toEqual({ still: ['here'] });
  await eventually('sessions', async () => (await at.host.inspect()).sessions.map(({ client, listeners }) => [client, listeners]), [['innocent', 1]]);
  expect(await at.host.ask('polluted')).toEqual([]);
  expect(await at.host.ask('methods')).toEqual(['echo', 'keep', 'use', 'waitFor', 'hang']);
  expect(Object.keys(Object.prototype)).toEqual([]);
}

/** Ids: `T` stands for the reference to the service `target`, `E` for that to `emitter`. */
function numbered(message: string, ids: Map<string, number>): string {
  return message.replace(/\bT\b/g, String(ids.get('target'))).replace(/\bE\b/g, String(ids.get('emitter')));
}

const nested = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
const nestedObjects = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
const FUNCTION = '["$","F",9,0,"f"]';

describe('a message that no honest peer sends ends its session with a reason', () => {
  it.each([
    ['null', 'null'],
    ['null as a message', '[null]'],
    ['a number as a message', '[7]'],
    ['an object as a message', '[{"0":1}]'],
    ['an empty message', '[[]]'],
    ['no array', '{"a":1}'],
    ['no JSON', '[[1,'],
    ['garbage', '\u00ff\u0001garbage'],
    ['an unknown verb', '[[99,1]]'],
    ['a verb that is no number', '[["1",1]]'],
    ['a verb that is a name', '[["__proto__",1]]'],
    ['a second greeting', '[[0,"dynobot",1,{"name":"x","pid":1,"services":0}]]'],

    ['a call to an unknown id', '[[1,1,999,1,"echo",[],0]]'],
    ['a call to the id 0', '[[1,1,0,1,"echo",[],0]]'],
    ['a call to a negative id', '[[1,1,-1,1,"echo",[],0]]'],
    ['a call to an id of the wrong type', '[[1,1,"T",1,"echo",[],0]]'],
    ['a call with an id in an array', '[[1,1,[T],1,"echo",[],0]]'],
    ['a call with a wrong number', '[[1,-1,T,1,"echo",[],0]]'],
    ['a call with a number that is none', '[[1,"1",T,1,"echo",[],0]]'],
    ['a call with a number that is null', '[[1,null,T,1,"echo",[],0]]'],
    ['a call without arguments', '[[1,1,T,1,"echo"]]'],
    ['a call whose arguments are an object', '[[1,1,T,1,"echo",{"length":1},0]]'],
    ['a call whose arguments are null', '[[1,1,T,1,"echo",null,0]]'],
    ['a call with wrong escapes', '[[1,1,T,1,"echo",[],-1]]'],
    ['a call with escapes that are no number', '[[1,1,T,1,"echo",[],"1"]]'],
    ['a call with attachments that are not there', '[[1,1,T,1,"echo",[],3]]'],
    ['an unknown operation', '[[1,1,T,99,"echo",[],0]]'],
    ['an operation of the wrong type', '[[1,1,T,"1","echo",[],0]]'],
    ['an object applied as a function', '[[1,1,T,0,0,[],0]]'],
    ['an object constructed', '[[1,1,T,4,0,[],0]]'],
    ['a member without a name', '[[1,1,T,1,0,[],0]]'],
    ['a member whose name is an array', '[[1,1,T,1,["echo"],[],0]]'],
    ['a member whose name is an object', '[[1,1,T,2,{"toString":1},[],0]]'],
    ['a member whose name is null', '[[1,1,T,2,null,[],0]]'],

    ...['__proto__', 'constructor', 'constructor.constructor', 'prototype', 'then', 'toJSON', 'toString', 'hasOwnProperty', '__defineGetter__', '__lookupGetter__', '_events', '_x', 'a.__proto__', 'valueOf'].flatMap((name) => [
      [`a call of ${name}`, `[[1,1,T,1,${JSON.stringify(name)},[],0]]`],
      [`a read of ${name}`, `[[1,1,E,2,${JSON.stringify(name)},[],0]]`],
      [`an assignment to ${name}`, `[[1,0,T,3,${JSON.stringify(name)},[{"polluted":1}],0]]`],
    ]),

    ['10,000 levels of arrays', `[[1,1,T,1,"echo",[${nested}],0]]`],
    ['10,000 levels of objects', `[[1,1,T,1,"echo",[${nestedObjects}],0]]`],
    ['10,000 levels with escapes', `[[1,1,T,1,"echo",[${nested}],1]]`],
    ['10,000 levels in an answer', `[[2,1,${nested},0]]`],
    ['10,000 levels in a shape', `[[7,1,${nested}]]`],
    ['10,000 levels of messages', nested],

    ['an answer to a call that was never made', '[[2,1,0,0]]'],
    ['a failure of a call that was never made', '[[3,1,0,0]]'],
    ['an answer to a call that is no number', '[[2,"__proto__",0,0]]'],
    ['answers to calls that were never made', '[[18,1,3]]'],
    ['answers to more calls than there are', '[[18,1,9007199254740991]]'],
    ['answers to no calls', '[[18,1,0]]'],
    ['answers to half a call', '[[18,1,0.5]]'],
    ['answers without a count', '[[18,1]]'],
    ['answers to calls that are no numbers', '[[18,"1",1]]'],
    ['a release of an unknown id', '[[6,999,1,1]]'],
    ['a release of more than was sent', '[[6,T,1,2]]'],
    ['a release of more ids than were sent', '[[6,T,9007199254740991,1]]'],
    ['a release twice', '[[6,T,1,1,T,1,1]]'],
    ['a release of nothing', '[[6,T,1,0]]'],
    ['a release of no ids', '[[6,T,0,1]]'],
    ['a release of less than nothing', '[[6,T,1,-1]]'],
    ['a release of half a receipt', '[[6,T,1,0.5]]'],
    ['a release of half an id', '[[6,T,0.5,1]]'],
    ['a release without a count', '[[6,T]]'],
    ['a release without receipts', '[[6,T,1]]'],
    ['a release of a name', '[[6,"T",1,1]]'],
    ['a release of what is no number', '[[6,T,1,"1"]]'],

    ['a shape without parts', '[[7,1,{}]]'],
    ['a shape that is null', '[[7,1,null]]'],
    ['a shape with a wrong number', '[[7,"1",{"parent":0,"name":"X","base":"","methods":[],"accessors":[],"listening":[],"iterable":false}]]'],
    ['a shape below one that is not there', '[[7,1,{"parent":5,"name":"X","base":"","methods":[],"accessors":[],"listening":[],"iterable":false}]]'],
    ['a shape with a method __proto__', '[[7,1,{"parent":0,"name":"X","base":"","methods":["__proto__"],"accessors":[],"listening":[],"iterable":false}]]'],
    ['a shape with an accessor constructor', '[[7,1,{"parent":0,"name":"X","base":"","methods":[],"accessors":["constructor"],"listening":[],"iterable":false}]]'],
    ['a shape with a method then', '[[7,1,{"parent":0,"name":"X","base":"","methods":["then"],"accessors":[],"listening":[],"iterable":false}]]'],
    ['a shape with an unknown answer', '[[7,1,{"parent":0,"name":"X","base":"","methods":[],"accessors":[],"listening":[["on","evil"]],"iterable":false}]]'],
    ['a shape that is described twice', '[[7,1,{"parent":0,"name":"X","base":"","methods":[],"accessors":[],"listening":[],"iterable":false}],[7,1,{"parent":0,"name":"X","base":"","methods":[],"accessors":[],"listening":[],"iterable":false}]]'],

    ['a service that is data', '[[8,"evil",{"a":1}]]'],
    ['a service without a name', '[[8,null,null]]'],
    ['a fault whose place is an object', '[[4,{"toString":1},null,0]]'],

    ['an unknown tag', '[[1,1,T,1,"echo",[["$","Evil",1]],1]]'],
    ['a tag that is no text', '[[1,1,T,1,"echo",[["$",{},1]],1]]'],
    ['a home that is not there', '[[1,1,T,1,"echo",[["$","H",999]],1]]'],
    ['an instance of a shape that is not there', '[[1,1,T,1,"echo",[["$","O",9,77]],1]]'],
    ['a function with a wrong id', '[[1,1,T,1,"echo",[["$","F",-1,0,""]],1]]'],
    ['a function with the id 0', '[[1,1,T,1,"echo",[["$","F",0,0,""]],1]]'],
    ['a function without a name', '[[1,1,T,1,"echo",[["$","F",9,0,{}]],1]]'],
    ['a part that is not there', '[[1,1,T,1,"echo",[["$","r",50]],1]]'],
    ['an attachment that is not there', '[[1,1,T,1,"echo",[["$","b",0]],1]]'],
    ['an array that is too long', '[[1,1,T,1,"echo",[["$","l",4294967296,[]]],1]]'],
    ['an array whose entries are none', '[[1,1,T,1,"echo",[["$","l",1,[1]]],1]]'],
    ['an object whose key is an object', '[[1,1,T,1,"echo",[["$","o",[[{},1]],0]],1]]'],
    ['a number that is none', '[[1,1,T,1,"echo",[["$","n","__proto__"]],1]]'],
    ['a bigint that is none', '[[1,1,T,1,"echo",[["$","i","0x"]],1]]'],
    ['a Date of an object', '[[1,1,T,1,"echo",[["$","Date",{"valueOf":1}]],1]]'],
    ['a Date of a function', `[[1,1,T,1,"echo",[["$","Date",{"valueOf":${FUNCTION}}]],1]]`],
    ['an expression that is none', '[[1,1,T,1,"echo",[["$","RegExp",["(","",0]]],1]]'],
    ['a URL that is none', '[[1,1,T,1,"echo",[["$","URL","nowhere"]],1]]'],
    ['a Map of no entries', '[[1,1,T,1,"echo",[["$","Map",0,[1]]],1]]'],
    ['a typed array of nothing', '[[1,1,T,1,"echo",[["$","View",["Uint8Array",1]]],1]]'],
    ['a typed array of an unknown class', '[[1,1,T,1,"echo",[["$","View",["constructor",1]]],1]]'],
    ['an error of nothing', '[[1,1,T,1,"echo",[["$","Error",null]],1]]'],
    ['an error whose parts are of wrong types', '[[1,1,T,1,"echo",[["$","Error",{"classes":1,"base":2,"name":3,"message":4,"stack":5},6]],1]]'],
    ['an error whose stack is an object', '[[1,1,T,1,"echo",[["$","Error",{"classes":[],"base":"Error","name":"Error","message":"m","stack":{}},{}]],1]]'],
    ['an error whose name is a function', `[[1,1,T,1,"echo",[["$","Error",{"classes":[],"base":"Error","name":${FUNCTION},"message":"m","stack":"s"},{}]],1]]`],
    ['an error whose classes are no names', '[[1,1,T,1,"echo",[["$","Error",{"classes":[{}],"base":"Error","name":"E","message":"m","stack":"s"},{}]],1]]'],
    ['a promise of data', '[[1,1,T,1,"echo",[["$","Promise",{"a":1}]],1]]'],
    ['a signal of data', '[[1,1,T,1,"echo",[["$","AbortSignal",[{"aborted":1},false,0]]],1]]'],
    ['a stream of nothing', '[[1,1,T,1,"echo",[["$","NodeStream",null]],1]]'],
    ['a stream of data', '[[1,1,T,1,"echo",[["$","NodeStream",{"remote":1,"readable":true}]],1]]'],
    ['a web stream of nothing', '[[1,1,T,1,"echo",[["$","ReadableStream",7]],1]]'],
    ['an iterator of nothing', '[[1,1,T,1,"echo",[["$","AsyncIterator",null]],1]]'],
    ['an event of nothing', '[[1,1,T,1,"echo",[["$","Event",null]],1]]'],
    ['a DynobotError of nothing', '[[1,1,T,1,"echo",[["$","DynobotError",null]],1]]'],
    ['more shapes than are allowed', `[${Array.from({ length: 51 }, (_, i) => `[7,${i + 1},{"parent":0,"name":"X","base":"","methods":[],"accessors":[],"listening":[],"iterable":false}]`).join()}]`],
    ['more references than are allowed', `[[1,1,T,1,"keep",[${Array.from({ length: 501 }, (_, i) => `["$","F",${i + 1},0,""]`).join()}],1]]`],
    ['a frame that is too long', `[[1,1,T,1,"echo",["${'x'.repeat(1_100_000)}"],0]]`],
  ])('%s', async (_name, message) => {
    const { peer, ids } = await ByHand.greeted(at.host.name, 'hostile');
    peer.raw(`${numbered(message, ids)}\n`);
    const { code, reason } = await peer.ended();
    const ended = (await at.host.ended()).slice(handled);
    handled += ended.length;
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject({ client: 'hostile', reason: expect.stringMatching(/PROTOCOL|LIMIT/) as string });
    if (code !== undefined) expect([code, reason]).toEqual([ended[0]!.reason, ended[0]!.message]);
    expect((await at.host.ask<string[]>('errors')).at(-1)).toContain(ended[0]!.message);
    await isUntouched();
  });
});

describe('before the greeting', () => {
  it.each([
    ['a call', '[[1,1,1,1,"echo",[],0]]\n', 'ERR_DYNOBOT_PROTOCOL'],
    ['another protocol', '[[0,"gopher",1,{"name":"x","pid":1,"services":0}]]\n', 'ERR_DYNOBOT_PROTOCOL'],
    ['another version', '[[0,"dynobot",99,{"name":"x","pid":1,"services":0}]]\n', 'ERR_DYNOBOT_VERSION'],
    ['a greeting without parts', '[[0,"dynobot",1,null]]\n', 'ERR_DYNOBOT_PROTOCOL'],
    ['a greeting with wrong parts', '[[0,"dynobot",1,{"name":{},"pid":1,"services":0}]]\n', 'ERR_DYNOBOT_PROTOCOL'],
    ['bytes', Uint8Array.of(0, 255, 255, 255, 255, 1), 'ERR_DYNOBOT_'],
    ['a page request', 'GET / HTTP/1.1\r\n\r\n', 'ERR_DYNOBOT_PROTOCOL'],
    ['nothing at all', '', 'ERR_DYNOBOT_LIMIT_HANDSHAKE'],
  ])('%s ends the session', async (_name, bytes, expected) => {
    const peer = await ByHand.connect(at.host.name);
    peer.raw(bytes);
    await peer.ended();
    const ended = (await at.host.ended()).slice(handled);
    handled += ended.length;
    expect(ended).toHaveLength(1);
    expect(ended[0]!.reason).toContain(expected);
    await isUntouched();
  });
});

it('answers what an honest peer might ask, without ending the session', async () => {
  const { peer, ids } = await ByHand.greeted(at.host.name, 'odd');
  const ask = async (message: string): Promise<unknown[]> => {
    const from = peer.received.length;
    peer.raw(`${numbered(message, ids)}\n`);
    return peer.hears((heard) => peer.received.indexOf(heard) >= from);
  };
  expect((await ask('[[1,5,T,1,"nothing",[],0]]'))[0]).toBe(3);
  expect(await ask('[[1,6,T,2,"nothing",[],0]]')).toEqual([2, 6]);
  expect(await ask('[[5,77],[1,7,T,1,"echo",[1],0]]')).toEqual([2, 7, 1, 0]);
  expect((await ask('[[1,0,T,1,"nothing",[],0]]'))[0]).toBe(4);
  expect((await ask('[[1,0,E,1,"on",["x","not a function"],0]]'))[0]).toBe(4);
  const from = (await at.host.ask<string[]>('errors')).length;
  peer.say([4, 'somewhere', { not: 'an error' }, 0], [4, 'elsewhere', null, 0]);
  await eventually('errors', async () => (await at.host.ask<string[]>('errors')).length, from + 2);
  peer.end();
  await peer.ended();
  await eventually('ends', async () => (await at.host.ended()).length, handled + 1);
  handled++;
  await isUntouched();
});

describe('a peer that lies about what it lends', () => {
  const use = (value: string): string => `[[1,1,T,1,"use",[${value}],1]]`;
  const shape = '[7,1,{"parent":0,"name":"X","base":"","methods":["method","read","write","end","destroy","closed","next","pull","cancel"],"accessors":[],"listening":[],"iterable":false}]';
  const OBJECT = '["$","O",8,1,{}]';

  it.each([
    ['a callback that throws', use(`{"fn":${FUNCTION}}`)],
    ['a method that throws', use(`{"object":${OBJECT}}`)],
    ['a stream', use(`{"stream":["$","NodeStream",{"remote":${OBJECT},"readable":true,"writable":true,"encoding":null,"readableObjectMode":false,"writableObjectMode":false}]}`)],
    ['a stream without methods', use(`{"stream":["$","NodeStream",{"remote":${FUNCTION},"readable":true,"writable":true,"encoding":null}]}`)],
    ['a stream with an unknown encoding', use(`{"stream":["$","NodeStream",{"remote":${OBJECT},"readable":true,"writable":true,"encoding":"evil"}]}`)],
    ['an iterator', use(`{"iterator":["$","AsyncIterator",${OBJECT}]}`)],
    ['an iterator without methods', use(`{"iterator":["$","AsyncIterator",${FUNCTION}]}`)],
    ['a web stream', use(`{"web":["$","ReadableStream",${OBJECT}]}`)],
    ['a promise', use(`{"later":["$","Promise",${FUNCTION}]}`)],
  ])('%s, answered with nonsense, then with an error, then not at all', async (_name, message) => {
    for (const answer of ['2,N,null,0', '2,N,7,0', '2,N,{"done":false,"value":{"no":"chunk"}},0', '3,N,null,0', '3,N,["$","Error",{"classes":[],"base":"Error","name":"Error","message":"lie","stack":"s"},{}],1', undefined]) {
      const { peer, ids } = await ByHand.greeted(at.host.name, 'liar');
      peer.raw(`[${shape},${numbered(message, ids).slice(1)}\n`);
      const answered = new Set<unknown>();
      const answerAll = (): void => {
        for (const [verb, call] of peer.received) {
          if (verb !== 1 || call === 0 || answered.has(call) || answered.size > 50) continue;
          answered.add(call);
          if (answer !== undefined) peer.raw(`[[${answer.replace('N', String(call))}]]\n`);
        }
      };
      await peer.hears(([verb, call]) => verb === 2 && call === 1 || verb === 3 && call === 1 || verb === 10);
      for (let turn = 0; turn < 3; turn++) {
        answerAll();
        await at.innocent.inspect();
      }
      peer.destroy();
      await isUntouched();
    }
    handled = (await at.host.ended()).length;
    expect(at.host.isRunning).toBe(true);
  });
});

it('listens in a place where nobody else can reach it', () => {
  const { path } = addressOf(at.host.name);
  expect([lstatSync(path).mode & 0o777, lstatSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(lstatSync(path).isSocket()).toBe(true);
});
