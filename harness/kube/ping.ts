/** The part of a WebSocket that pings need. */
interface Pinged {
  ping(): void;
  terminate(): void;
  on(event: 'pong' | 'close', listener: () => void): unknown;
}

/** One is easily late where cores are starved. */
const mostUnanswered = 3;

/**
 * Pings a socket until it closes: what stands between here and the API server forgets connections on which nothing moves.
 * One that answered before and then leaves three pings unanswered is dead, and is ended; one that never answers is let be.
 */
export function keepPinging(socket: Pinged, everyMs: number): void {
  let answered = false;
  let unanswered = 0;
  socket.on('pong', () => {
    answered = true;
    unanswered = 0;
  });
  const timer = setInterval(() => {
    if (answered && unanswered >= mostUnanswered) socket.terminate();
    else socket.ping();
    unanswered += 1;
  }, everyMs);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}
