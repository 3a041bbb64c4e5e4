import { Socket } from "node:net";
import { passwordFor } from "../../address/password-file.ts";
import type { Address, Host } from "../../address/types.ts";
import type { Dialed } from "./dial.ts";
import { dialFound, type TakeLook } from "./find-way.ts";

/** Opens the sockets of one client. */
export interface Dialer {
  /** @throws what keeps it from connecting */
  dial(): Promise<Dialed>;
  /** Never throws: what failed comes as the socket's own error, as the driver expects it. */
  socket(): Promise<Socket>;
  /** Where the newest socket leads. */
  host(): Host | undefined;
  password(): string;
  /** Ends what is being opened and every socket that is open. */
  close(): void;
}

export function createDialer(address: Address, timeoutMs: number, look: TakeLook): Dialer {
  const closing = new AbortController();
  const open = new Set<Socket>();
  let newest: Host | undefined;
  const { connectTimeoutSeconds } = address;
  const ownMs = connectTimeoutSeconds === undefined ? timeoutMs : connectTimeoutSeconds * 1_000;
  const limitMs = timeoutMs > 0 ? Math.min(timeoutMs, ownMs) : ownMs;

  async function dial(): Promise<Dialed> {
    const dialed = await dialFound(address, { timeoutMs: limitMs, signal: closing.signal }, look);
    newest = dialed.host;
    open.add(dialed.socket);
    dialed.socket.once("close", () => open.delete(dialed.socket));
    if (closing.signal.aborted) dialed.socket.destroy();
    return dialed;
  }

  return {
    dial,
    socket: () => dial().then(({ socket }) => socket, failedSocket),
    host: () => newest,
    password: () => passwordFor(address, newest ?? address.hosts[0]),
    close() {
      closing.abort(Object.assign(new Error("the client was closed"), { code: "CONNECTION_ENDED" }));
      for (const socket of open) socket.destroy();
    },
  };
}

/** The driver forgets a connection whose socket could not be made; one that fails at once it opens anew. */
export function failedSocket(thrown: unknown): Socket {
  const socket = new Socket();
  // Its start-up packet would fail in words of its own before.
  socket.write = () => true;
  setImmediate(() => socket.destroy(thrown as Error));
  return socket;
}
