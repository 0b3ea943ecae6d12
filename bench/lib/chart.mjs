import { SYSTEMS } from '../systems/index.mjs';
import { figure } from './numbers.mjs';

const WIDTH = 720;
const LABEL = 110;
const FIGURE = 90;
const BAR = 18;
const STEP = 26;
const TOP = 40;

const STYLE = `text{font:13px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}.p{fill:#8c959f}.f{fill:#c8cfd6}.d{fill:#1f7a4d}
@media(prefers-color-scheme:dark){text{fill:#d0d7de}.p{fill:#6e7681}.f{fill:#3d444d}.d{fill:#3fb37f}}`;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function kind(system) {
  if (system === 'dynobot') return 'd';
  return SYSTEMS[system].floor ? 'f' : 'p';
}

function bar(row, index, longest) {
  const y = TOP + index * STEP;
  const length = Math.max(1, Math.round((row.value / longest) * (WIDTH - LABEL - FIGURE)));
  return [
    `<text x="${LABEL - 8}" y="${y + 14}" text-anchor="end">${escaped(SYSTEMS[row.system].title)}</text>`,
    `<rect class="${kind(row.system)}" x="${LABEL}" y="${y}" width="${length}" height="${BAR}" rx="2"/>`,
    `<text x="${LABEL + length + 6}" y="${y + 14}">${figure(row.value)}</text>`,
  ].join('\n');
}

/** A bar for each system that has a figure, the best on top: dynobot in its colour, floors pale. */
export function chart(rows) {
  const { title, unit, better } = rows[0];
  const bars = rows.filter((row) => row.value !== null).sort((a, b) => (better === 'higher' ? b.value - a.value : a.value - b.value));
  const longest = Math.max(...bars.map((row) => row.value));
  const height = TOP + bars.length * STEP + 6;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<text class="t" x="8" y="22">${escaped(title)} (${unit}, ${better} is better)</text>
${bars.map((row, index) => bar(row, index, longest)).join('\n')}
</svg>
`;
}
