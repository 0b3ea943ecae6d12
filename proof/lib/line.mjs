// The other end of a session, in the host's own process and without any transport between: for as many frames as it can take.

const known = new WeakMap();

export class Line {
  name = 'line';
  buffered = 0;
  over = false;

  /** Attached to a host; `ids` are those of its services: the same ones for every session. */
  static to(hosted) {
    const line = new Line();
    line.ids = known.get(hosted);
    hosted.attach(line);
    known.set(hosted, line.ids);
    return line;
  }

  greet() {
    this.frame('[[0,"dynobot",1,{"name":"hostile","pid":1,"services":0}]]');
  }

  frame(frame) {
    this.receiver.frame(frame);
  }

  /** The connection is lost, if the host has not ended it. */
  cut() {
    if (!this.over) this.receiver.closed();
    this.over = true;
  }

  // What the host asks of a transport

  open(receiver) {
    this.receiver = receiver;
  }

  send(frame) {
    if (this.ids === undefined && typeof frame === 'string') {
      this.ids = Object.fromEntries(JSON.parse(frame).filter(([verb]) => verb === 8).map(([, name, reference]) => [name, reference[2]]));
    }
  }

  close() {
    if (this.over) return;
    this.over = true;
    queueMicrotask(() => this.receiver?.closed());
  }

  destroy() {
    this.close();
  }

  ref() {}

  unref() {}
}
