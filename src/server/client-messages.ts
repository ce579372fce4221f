import type { WebSocket } from 'ws';

/** The code with which graphql-ws closes a socket whose client does not speak the protocol. */
const BAD_REQUEST = 4400;

/** What only a server says. */
const SERVERS_OWN = new Set(['connection_ack', 'next', 'error']);

/**
 * Closes a socket whose client says what only a server may say.
 *
 * graphql-ws takes such a message for a fault of the server and prints it; no stranger is to write into our log. To be
 * called once graphql-ws listens.
 */
export function refuseServerMessages(socket: WebSocket): void {
  const listeners = socket.listeners('message');
  socket.removeAllListeners('message');
  socket.on('message', (data, isBinary) => {
    if (SERVERS_OWN.has(typeOf(String(data)))) socket.close(BAD_REQUEST, 'Invalid message received');
    else for (const listener of listeners) listener.call(socket, data, isBinary);
  });
}

/** What kind of message it is; empty for what is none, which graphql-ws refuses itself. */
function typeOf(text: string): string {
  try {
    const message: unknown = JSON.parse(text);
    const isMessage = typeof message === 'object' && message !== null && 'type' in message;
    return isMessage && typeof message.type === 'string' ? message.type : '';
  } catch {
    return '';
  }
}
