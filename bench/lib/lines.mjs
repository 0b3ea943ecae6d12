/** Takes chunks of text, hands over whole lines. A line that spans many chunks is searched only once. */
export function lines(handle) {
  let rest = '';
  return (chunk) => {
    let end = chunk.indexOf('\n');
    if (end === -1) {
      rest += chunk;
      return;
    }
    handle(rest === '' ? chunk.slice(0, end) : rest + chunk.slice(0, end));
    let start = end + 1;
    while ((end = chunk.indexOf('\n', start)) !== -1) {
      handle(chunk.slice(start, end));
      start = end + 1;
    }
    rest = start === chunk.length ? '' : chunk.slice(start);
  };
}

/** Text up to this length goes to the system at once, without an allocation for it; found by measurement. */
const PIECE = 16_000;

/** Joins the text of one turn of the event loop, and writes it at its end; sooner, in pieces, if there is much of it. */
export function coalesced(write) {
  let queued = '';
  let scheduled = false;
  const flush = () => {
    scheduled = false;
    const text = queued;
    queued = '';
    if (text !== '') write(text);
  };
  return (text) => {
    queued += text;
    if (queued.length > PIECE) {
      const piece = queued;
      queued = '';
      write(piece);
    } else if (!scheduled) {
      scheduled = true;
      process.nextTick(flush);
    }
  };
}
