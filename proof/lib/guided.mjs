// Fuzzing that learns: what reaches code that nothing has reached before is kept, and varied further.
import { Hostile } from './hostile.mjs';
import { Line } from './line.mjs';
import { Reached } from './reached.mjs';

/** Sessions that are played before V8 is asked what they have reached. */
const BATCH = 100;
const MOST_FRAMES = 8;
const LONGEST = 1_000;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Plays one session of text frames. Returns how many the host has taken. */
export function play(hosted, frames) {
  const line = Line.to(hosted);
  line.greet();
  let taken = 0;
  for (const frame of frames) {
    if (line.over) break;
    line.frame(frame);
    taken++;
  }
  line.cut();
  return taken;
}

/** Makes sessions out of those that are kept. */
class Breeder {
  constructor(random, ids) {
    this.random = random;
    this.hostile = new Hostile(random, ids);
  }

  fresh() {
    const frames = [];
    for (let n = this.random.integer(1, 8); n > 0; n--) {
      const [, frame] = this.hostile.next();
      if (typeof frame === 'string' && frame.length <= LONGEST) frames.push(frame);
    }
    return frames;
  }

  child(corpus) {
    const { random } = this;
    const frames = [...random.pick(corpus)];
    const at = random.integer(0, frames.length - 1);
    const way = random.integer(0, 4);
    if (way === 0) frames.splice(at, 0, ...this.fresh());
    else if (way === 1) frames.push(...random.pick(corpus));
    else if (way === 2) frames.splice(at, 1);
    else frames[at] = way === 3 ? this.#varied(frames[at]) : this.#spoilt(frames[at]);
    return frames.filter((frame) => frame?.length <= LONGEST).slice(0, MOST_FRAMES);
  }

  /** As JSON: other values in the same places. */
  #varied(frame) {
    try {
      const messages = JSON.parse(frame);
      return JSON.stringify(Array.isArray(messages) ? messages.map((message) => this.hostile.mutate(message)) : messages);
    } catch {
      return this.#spoilt(frame);
    }
  }

  /** As text: a part is gone, doubled, or of another frame. */
  #spoilt(frame = '') {
    const { random } = this;
    const [a, b] = [random.integer(0, frame.length), random.integer(0, frame.length)].sort((x, y) => x - y);
    return random.pick([frame.slice(0, a) + frame.slice(b), frame.slice(0, b) + frame.slice(a), frame.slice(0, a) + String(random.integer(0, 99)) + frame.slice(a)]);
  }
}

/** Fuzzes for so many milliseconds, from a corpus on. Returns what was reached, and the sessions that reached something new. */
export async function guided({ hosted, random, corpus, milliseconds }) {
  const reached = await Reached.watch();
  const probe = Line.to(hosted);
  const breeder = new Breeder(random, probe.ids);
  probe.cut();
  const all = corpus.map((frames) => [...frames]);
  let frames = 0;
  let sessions = 0;
  const played = async (session) => {
    frames += play(hosted, session);
    sessions++;
  };
  for (const session of all) await played(session);
  await turn();
  await reached.news();
  const before = reached.size;
  const kept = [];
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    const batch = Array.from({ length: BATCH }, () => (all.length === 0 || random.chance(0.3) ? breeder.fresh() : breeder.child(all))).filter(({ length }) => length > 0);
    for (const session of batch) await played(session);
    await turn();
    if ((await reached.news({ forget: true })) === 0) continue;
    // Which of them it was: each once more, by itself.
    for (const session of batch) {
      await played(session);
      await turn();
      if ((await reached.news()) === 0) continue;
      all.push(session);
      kept.push(session);
    }
    // What is reached only when much goes on at once is nobody's.
    await turn();
  }
  return { frames, sessions, before, reached: reached.size, share: reached.share, kept };
}
