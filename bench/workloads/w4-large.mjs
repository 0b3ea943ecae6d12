import { expect, repeat } from './measure.mjs';

const BUFFER = 1 << 20;
const OBJECT = 100 << 10;

function largeObject() {
  const users = [];
  const object = { channel: '#dynobot', topic: 'the long-lived one', users };
  for (let n = 0; JSON.stringify(object).length < OBJECT; n++) {
    for (let i = 0; i < 8; i++) {
      const id = n * 8 + i;
      users.push({ nick: `user${id}`, hostname: `host-${id}.example.org`, away: id % 3 === 0, joined: 1_700_000_000_000 + id, lag: id / 7, modes: ['v'] });
    }
  }
  return object;
}

async function megabytesPerSecond(size, bytes, echo) {
  // So long until V8 has compiled what is in use: these steps are few and large.
  await repeat({ count: 4_000, milliseconds: size(2_000, 250) }, echo);
  const { done, milliseconds } = await repeat({ count: size(2_000, 200), milliseconds: size(3_000, 250) }, echo);
  return (done * bytes) / milliseconds / 1_000;
}

const buffer = {
  key: 'W4 buffer', title: 'Echo of a buffer of 1 MiB', unit: 'MB/s', better: 'higher', floor: 'raw',
  async run(client, size) {
    const sent = Buffer.alloc(BUFFER, 'dynobot!');
    return megabytesPerSecond(size, BUFFER, async () => {
      const received = await client.echoBuffer(sent);
      expect(received.length === BUFFER && received[BUFFER - 1] === sent[BUFFER - 1], received.length);
    });
  },
};

const object = {
  key: 'W4 object', title: 'Echo of an object of 100 KiB', unit: 'MB/s', better: 'higher', floor: 'hand-msgpackr',
  async run(client, size) {
    const sent = largeObject();
    return megabytesPerSecond(size, JSON.stringify(sent).length, async () => {
      const received = await client.echo(sent);
      expect(received.users.length === sent.users.length && received.users.at(-1).nick === sent.users.at(-1).nick, 'users');
    });
  },
};

/** Large values there and back, one at a time; the bytes of one way count. */
export default {
  name: 'W4',
  quickForAll: true,
  measures: [
    { ...buffer, needs: ['echoBuffer'] },
    { ...object, needs: ['echo'] },
  ],
  async run({ connect, task, size }) {
    const client = await connect();
    const values = {};
    for (const measure of [buffer, object]) {
      if (task.measures.includes(measure.key)) values[measure.key] = await measure.run(client, size);
    }
    return values;
  },
};
