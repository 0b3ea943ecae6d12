/** What is answered, in whichever process. A handler has the body whole before it answers. */
const hello = (request, response) => {
  request.resume();
  response.end('hello world');
};

const post = (request, response) => {
  let length = 0;
  request.on('data', (chunk) => { length += chunk.length; });
  request.on('end', () => response.end(`got ${length}`));
};

async function express() {
  const { default: make } = await import('express');
  return make().get('/', (_request, response) => void response.send('hello world'));
}

/** Listeners for `request`, by name. */
export async function app(name) {
  return name === 'express' ? express() : { hello, post }[name];
}
