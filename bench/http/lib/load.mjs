import autocannon from 'autocannon';

const CONNECTIONS = 50;
/** Seconds that do not count: until then V8 compiles, of each system's code as much as of the others'. */
const WARM_UP = 4;

/** Requests a second that a server answers to 50 connections that are kept alive. */
export async function throughput(port, request, seconds) {
  await fire(port, request, WARM_UP);
  return fire(port, request, seconds);
}

async function fire(port, request, duration) {
  const result = await autocannon({ url: `http://127.0.0.1:${port}/`, connections: CONNECTIONS, duration, ...request });
  const { errors, timeouts, non2xx } = result;
  if (errors + timeouts + non2xx > 0) throw new Error(`${errors} errors, ${timeouts} timeouts, ${non2xx} answers other than 2xx`);
  return result['2xx'] / result.duration;
}
