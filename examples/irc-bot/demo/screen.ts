import pc from 'picocolors';

const colors = pc.createColors(Boolean(process.stdout.isTTY) && pc.isColorSupported);
const WIDTH = 10;

/** One line of the story: who or what it is about, and what happens. */
export function tell(label: string, text: string): void {
  console.log(`${colors.bold(label.padEnd(WIDTH))} ${text}`);
}

/** A line that somebody said in the channel. */
export function quote(channel: string, nick: string, text: string): void {
  console.log(`${colors.dim(channel.padEnd(WIDTH))} ${colors.cyan(`<${nick}>`)} ${text}`);
}

/** Something violent. */
export function alarm(label: string, text: string): void {
  console.log(`${colors.bold(colors.red(label.padEnd(WIDTH)))} ${text}`);
}

/** What a line above means, or is made of. */
export function remark(text: string): void {
  console.log(`${' '.repeat(WIDTH)} ${colors.dim(text)}`);
}

export function heading(text: string): void {
  console.log(`\n${colors.bold(text)}`);
}

export function verdict(claim: string, holds: boolean, evidence: string): void {
  console.log(`  ${holds ? colors.green('✓') : colors.red('✗')} ${claim}${evidence === '' ? '' : colors.dim(`  ${evidence}`)}`);
}
