// In a process of a proof: answers the questions of who has started it.
export function answer(questions) {
  process.on('message', async (message) => {
    if (message?.ask === undefined) return;
    const { ask, question, args } = message;
    try {
      reply({ answer: ask, value: await questions[question](...args) });
    } catch (error) {
      reply({ answer: ask, error: String(error?.stack ?? error) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

function reply(message) {
  if (process.connected) process.send(message, undefined, undefined, () => {});
}
