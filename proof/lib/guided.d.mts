import type { Host } from 'dynobot';

/** Plays one session of text frames. Returns how many the host has taken. */
export function play(hosted: Host, frames: readonly string[]): number;
