// Hears that something changed: by a socket where there is one, by asking again where there is none.

const PAUSES = [1, 2, 5, 10, 30, 60];

export class Bell {
  constructor({ onRing, onTyping, isWatched, isAwaiting }) {
    Object.assign(this, { onRing, onTyping, isWatched, isAwaiting, isLive: false, tries: 0, socket: null });
  }

  connect(address, token) {
    this.close();
    this.address = address;
    this.token = token;
    if (address) this.dial();
    this.wait();
  }

  dial() {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.onopen = () => this.say({ type: "hello", token: this.token });
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      const said = JSON.parse(event.data);
      this.isLive = true;
      this.tries = 0;
      if (said.type === "typing") this.onTyping(said.on);
      else if (said.type !== "pong") this.onRing();
      this.wait();
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      const wasLive = this.isLive;
      this.isLive = false;
      const pause = PAUSES[Math.min(this.tries++, PAUSES.length - 1)] * (0.75 + Math.random() / 2);
      this.redial = setTimeout(() => this.dial(), pause * 1000);
      if (wasLive) this.wait(); // not at each failed try: asking must not be put off by them
    };
  }

  say(frame) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  // A page that comes back, or a line that is there again, asks at once.
  hurry() {
    if (this.address && !this.isLive) {
      clearTimeout(this.redial);
      this.tries = 0;
      if (!this.socket || this.socket.readyState > 1) this.dial();
    }
    this.wait();
  }

  // What was just written comes back with the server's own number; the socket learns by it whose window this is.
  wait() {
    clearTimeout(this.timer);
    const awaits = this.isAwaiting();
    const seconds = awaits ? 1.5 : this.isLive ? 45 : this.isWatched() ? 4 : 30;
    this.timer = setTimeout(() => {
      if (this.isLive) this.say({ type: awaits ? "written" : "ping" });
      this.onRing();
      this.wait();
    }, seconds * 1000);
  }

  typing() {
    if (!this.isLive || Date.now() - (this.typedAt || 0) < 3000) return;
    this.typedAt = Date.now();
    this.say({ type: "typing", on: true });
  }

  stopTyping() {
    if (this.isLive && this.typedAt) this.say({ type: "typing", on: false });
    this.typedAt = 0;
  }

  close() {
    clearTimeout(this.redial);
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    this.isLive = false;
    socket?.close();
  }
}
