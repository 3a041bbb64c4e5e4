import { connect, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { tlsOptions } from "../../address/tls-options.ts";
import type { Address, Host } from "../../address/types.ts";

/** One way to a server: where, and whether with TLS (`try`: if the server has it). */
export interface Way {
  host: Host;
  tls: "off" | "try" | "must";
}

/** An open socket towards a server, which has said nothing yet. */
export interface Dialed {
  socket: Socket;
  host: Host;
  encrypted: boolean;
}

export interface DialOptions {
  /** For this one host; 0 for none. */
  timeoutMs: number;
  signal: AbortSignal;
}

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** Seconds without a byte before a silent server is asked whether it is there, where the address does not say. */
const keepaliveIdleSeconds = 60;

/**
 * Opens a socket and agrees on TLS, in our own hands: the drivers know neither `allow`, `verify-ca` nor the way back
 * from TLS to a plain connection.
 * @throws a socket's error, one with code CONNECT_TIMEOUT, ERR_TLS_REFUSED or ERR_TLS_FILE, or what the signal says
 */
export async function dial(
  address: Address,
  { host, tls }: Way,
  { timeoutMs, signal }: DialOptions,
): Promise<Dialed> {
  const opened = connect(targetOf(host));
  // Whoever waits for it hears of an error too; one that comes while nobody waits must not end the process.
  opened.on("error", () => {});
  let socket: Socket = opened;
  const giveUp = (why: unknown) => socket.destroy(why as Error);
  const timer = timeoutMs > 0 ? setTimeout(giveUp, timeoutMs, late(host)) : undefined;
  const abort = () => giveUp(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    await once(opened, "connect");
    keepAlive(opened, address);
    // libpq never asks for TLS on a Unix socket.
    if (tls === "off" || host.socket) return { socket, host, encrypted: false };
    if (address.tls.negotiation === "postgres") {
      opened.write(sslRequest);
      const answer = await firstByte(opened);
      if (answer !== "S") {
        if (tls === "try" && answer === "N") return { socket, host, encrypted: false };
        throw refused(address, answer);
      }
    }
    const secured = connectTls({ ...tlsOptions(address.tls, host), socket: opened });
    secured.on("error", () => {});
    socket = secured;
    await once(secured, "secureConnect");
    return { socket, host, encrypted: true };
  } catch (thrown) {
    opened.destroy();
    socket.destroy();
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** What a socket connects to. */
export function targetOf({ host, hostaddr, port, socket }: Host): NetConnectOpts {
  return socket ? { path: socket } : { host: hostaddr ?? host, port };
}

function keepAlive(socket: Socket, { keepalives }: Address): void {
  const { on, idleSeconds = keepaliveIdleSeconds, intervalSeconds, count } = keepalives;
  const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000);
  // What the types leave out of Node 24's own arguments: interval and count.
  const set = socket.setKeepAlive.bind(socket) as (...settings: unknown[]) => void;
  set(on, idleSeconds * 1_000, milliseconds(intervalSeconds), count);
}

/** @throws what ends the socket before the event */
function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => () => {
      socket.off(event, done).off("error", fail).off("close", lost);
      outcome();
    };
    const done = settle(resolve);
    const lost = settle(() =>
      reject(Object.assign(new Error("the server closed the connection"), { code: "ECONNRESET" })),
    );
    const fail = (thrown: Error) => settle(() => reject(thrown))();
    socket.on(event, done).on("error", fail).on("close", lost);
  });
}

async function firstByte(socket: Socket): Promise<string> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const settle = (outcome: () => void) => {
      socket.off("data", onData).off("error", onError).off("close", onClose);
      outcome();
    };
    const onData = (data: Buffer) => settle(() => resolve(data));
    const onError = (thrown: Error) => settle(() => reject(thrown));
    const onClose = () => settle(() => resolve(Buffer.alloc(0)));
    socket.on("data", onData).on("error", onError).on("close", onClose);
  });
  // More than the one byte before TLS protects it comes from somebody in between (CVE-2021-23222).
  if (bytes.length > 1 && bytes[0] === 83)
    throw Object.assign(new Error("the server sent more than its answer to the request for TLS"), {
      code: "ERR_TLS_REFUSED",
    });
  return bytes.toString("latin1", 0, 1);
}

function refused({ tls: { mode } }: Address, answer: string): Error {
  const what =
    answer === "N"
      ? `the server offers no TLS, which sslmode=${mode} demands`
      : "the server did not answer the request for TLS";
  return Object.assign(new Error(what), { code: "ERR_TLS_REFUSED" });
}

function late({ host, port }: Host): Error {
  return Object.assign(new Error(`connect timed out: ${host}:${port}`), { code: "CONNECT_TIMEOUT" });
}
