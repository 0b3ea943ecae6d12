// One blocking client of the soak.
import { connectSync } from 'dynobot/sync';

const { TEST_HOST, TEST_NUMBER, TEST_CLIENTS } = process.env;
const me = `client ${TEST_NUMBER}`;
const connection = connectSync(TEST_HOST, { timeout: 15_000 });
const { counter, meeting } = connection.services;
const done = { calls: 0, events: 0, nested: 0 };
const problems = [];
const heard = new Map();
let playing = false;
let sent = 0;
let seed = Number(TEST_NUMBER) + 1;

/** A die of its own, so that a run can be repeated. */
function die(sides) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * sides);
}

function mustBe(what, value, expected) {
  if (JSON.stringify(value) !== JSON.stringify(expected) && problems.length < 20) problems.push(`${me}: ${what} is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`);
}

counter.on('told', (from, n) => {
  done.events++;
  // From everybody in order, none lost, none twice.
  if (heard.has(from)) mustBe(`the event of ${from}`, n, heard.get(from) + 1);
  heard.set(from, n);
});

meeting.join(me, (from, depth) => {
  done.nested++;
  if (depth === 0) return `${me} heard ${from}`;
  return meeting.ask(`client ${die(Number(TEST_CLIENTS))}`, me, depth - 1);
});

const acts = [
  () => mustBe('a count', typeof counter.add(1), 'number'),
  () => {
    const n = ++sent;
    const before = heard.get(me) ?? n - 1;
    mustBe('what tell returns', counter.tell(me, n), n);
    mustBe('my own event, heard before tell returned', [before, heard.get(me)], [n - 1, n]);
  },
  () => {
    const answer = meeting.ask(`client ${die(Number(TEST_CLIENTS))}`, me, die(4));
    mustBe('an answer', /^client \d+ heard client \d+$/.test(answer) || answer === 'nobody', true);
  },
  () => {
    const got = [];
    meeting.twice((value) => got.push([value, counter.add(0) >= 0]), 'x');
    mustBe('what a callback got', got, [['x', true], ['x', true]]);
  },
  () => {
    try {
      meeting.twice(() => { throw new RangeError(me); }, 0);
      mustBe('nothing thrown', 1, 0);
    } catch (error) {
      mustBe('what was thrown', [error instanceof RangeError, error.message], [true, me]);
    }
  },
  () => {
    const own = meeting.make();
    let got = 0;
    own.once('told', () => { got = own.add(2); });
    own.tell(me, 1);
    mustBe('what an object of mine has counted', [got, own.count, own.listenerCount('told')], [2, 2, 0]);
  },
  () => mustBe('a fresh count', meeting.fresh(3), 3),
];

function play() {
  if (!playing) return;
  try {
    for (let n = 0; n < 20; n++) {
      acts[die(acts.length)]();
      done.calls++;
    }
  } catch (error) {
    if (problems.length < 20) problems.push(`${me}: ${error.stack}`);
  }
  setImmediate(play);
}

process.on('message', ({ ask, what }) => {
  if (what === 'go') { playing = true; play(); }
  if (what === 'stop') playing = false;
  if (what === 'report') process.send({ answer: ask, value: { ...done, problems } });
  if (what === 'close') {
    connection.close();
    process.send({ answer: ask, value: connection.tables });
  }
});
process.send({});
