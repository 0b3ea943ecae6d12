import { Dice } from '../../sim/dice.js';

/** Random decisions of a test, which come again with the same seed. */
export class Random extends Dice {
  constructor(readonly seed: number) {
    super(seed);
  }

  /** The seed from the environment's `SEED`, to play a failure again, or a new one. */
  static fromEnvironment(): Random {
    return new Random(Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 32)));
  }
}
