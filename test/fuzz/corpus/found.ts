/** Frames that have broken something once, found by fuzzing or by hand. `T` and `E` stand for a service and an emitter. */
export interface Found {
  readonly what: string;
  readonly frames: readonly string[];
  /** The code with which the session ends; undefined: it goes on. */
  readonly ends?: string;
}

const PROTOCOL = 'ERR_DYNOBOT_PROTOCOL';
const BAIT = '["$","o",[["then",["$","F",9]],["toJSON",["$","F",9]],["toString",["$","F",9]],[["$","w","iterator"],["$","F",9]],[["$","w","toPrimitive"],["$","F",9]]]]';

export const CORPUS: readonly Found[] = [
  { what: 'a method was taken off an emitter, and attached what no ledger knew of', frames: ['[[1,1,E,2,"on",[],0]]'] },
  { what: 'a method was replaced', frames: ['[[1,1,E,3,"emit",[5],0]]'] },
  { what: 'any object was taken for the carrier of a stream, and its methods called', frames: ['[[1,1,T,1,"echo",[["$","NodeStream",{"remote":["$","H",E],"readable":true,"writable":false,"encoding":null}]],1]]'], ends: PROTOCOL },
  { what: 'any object was taken for the carrier of a signal', frames: ['[[1,1,T,1,"echo",[["$","AbortSignal",[["$","H",E],false,0]]],1]]'], ends: PROTOCOL },
  { what: 'any function was taken for the carrier of a promise, and called', frames: ['[[1,1,T,1,"echo",[["$","Promise",["$","H",E]]],1]]'], ends: PROTOCOL },
  { what: 'the name of an event was asked for its text', frames: [`[[1,1,E,1,"on",[${BAIT},["$","F",10]],1]]`] },
  { what: 'the entries of a Map were iterated by the peer', frames: [`[[1,1,T,1,"echo",[["$","Map",0,${BAIT}]],1]]`], ends: PROTOCOL },
  { what: 'the elements of a Set were iterated by the peer', frames: [`[[1,1,T,1,"echo",[["$","Set",0,${BAIT}]],1]]`], ends: PROTOCOL },
  { what: 'a result with a then was waited for', frames: [`[[1,1,T,1,"echo",[${BAIT}],1]]`] },
  { what: 'an error that lied about its stack ended who printed it', frames: ['[[4,"x",["$","Error",{"classes":[],"base":"Error","name":"Error","message":"m","stack":"s"},{"remoteStack":5}],1]]'] },
  { what: 'names of errors were kept without bound', frames: [`[[4,"x",["$","Error",{"classes":["${'C'.repeat(50_000)}"],"base":"${'B'.repeat(50_000)}","name":"E","message":"m","stack":""},{}],1]]`] },
  { what: 'keys of symbols were kept without bound', frames: [`[[1,1,T,1,"echo",[["$","k","${'k'.repeat(1_000)}"]],1]]`], ends: PROTOCOL },
  { what: 'an array claimed four billion holes', frames: ['[[1,1,T,1,"echo",[["$","l",4294967295,[]]],1]]'], ends: PROTOCOL },
  { what: 'arguments that claim holes', frames: ['[[1,1,E,1,"on",["$","l",4294967295,[["0","x"]]],1]]'] },
  { what: 'a member with an empty name got past what is allowed', frames: ['[[1,1,T,2,"",[],0]]'] },
  { what: 'what a promise works by was looked into', frames: ['[[1,1,T,1,"waitFor",[["$","F",10]],1]]', '[[1,2,T,9,"_hidden",[],0]]'], ends: PROTOCOL },
  { what: 'a second greeting', frames: ['[[0,"dynobot",1,{"name":"again","pid":1,"services":0}]]'], ends: PROTOCOL },
  { what: 'a turn in a role by who has none', frames: ['[[13,"ready"]]'], ends: PROTOCOL },
  { what: 'a gap without a count', frames: ['[[15,-1]]'], ends: PROTOCOL },
  { what: 'an event target took 1 for another type than "1"', frames: ['[[1,1,E,1,"on",[1,["$","F",10]],1],[1,2,E,1,"off",[1,["$","F",10]],1]]'] },
];
