import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  status: number;
  headers: string;
  body: string;
}

/**
 * Sends bytes as they are over a connection of their own, so that a body can break off as no HTTP client would let it,
 * and answers what came back until the server closed.
 * @param end `fin` says that nothing more will come, `open` leaves the server to answer first
 */
export async function sendRaw(
  port: number,
  head: string[],
  pieces: Iterable<Uint8Array>,
  end: "fin" | "open" = "fin",
): Promise<RawAnswer> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk));
  const ended = new Promise<void>((resolve) => {
    socket.on("end", resolve).on("close", resolve).on("error", resolve);
  });
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  for (const piece of pieces) {
    if (socket.destroyed) break;
    if (!socket.write(piece)) await Promise.race([once(socket, "drain").catch(() => {}), ended]);
  }
  if (end === "fin") socket.end();
  await ended;
  socket.destroy();
  const text = Buffer.concat(received).toString("utf8");
  const [headers = "", ...rest] = text.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1] ?? 0),
    headers,
    body: rest.join("\r\n\r\n"),
  };
}

/** A piece of a chunked body. */
export function chunk(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

export const lastChunk = Buffer.from("0\r\n\r\n");
