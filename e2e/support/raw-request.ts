import { connect, type Socket } from "node:net";
import { world } from "./world.ts";

export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
  /** Everything that was read. */
  text: string;
}

export interface RawRequest {
  method?: string;
  /** As it stands in the first line: nothing is encoded or resolved. */
  target: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request as it is, on a connection of its own: clients refuse such methods and mend such addresses. */
export function sendRaw({ method = "GET", target, headers = {}, body = "" }: RawRequest): Promise<RawAnswer> {
  const socket = open();
  const lines = {
    host: new URL(world().address).host,
    connection: "close",
    ...(body && { "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  };
  socket.write(`${method} ${target} HTTP/1.1\r\n${headerLines(lines)}\r\n\r\n`);
  socket.write(body);
  let text = "";
  return new Promise((resolve, reject) => {
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
    });
    // The server may close before it has read a body it refused.
    socket.on("error", (error) => (text.includes("\r\n\r\n") ? undefined : reject(error)));
    socket.on("close", () => resolve(parse(text)));
  });
}

/** A connection that is kept; `ask` sends a GET on it and answers what came back until now. */
export function keepConnection(): { ask(target: string): Promise<RawAnswer>; close(): void } {
  const socket = open();
  return {
    ask: (target) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error("the server has closed the connection"));
        socket.once("error", reject);
        socket.once("data", (chunk) => {
          socket.removeListener("error", reject);
          resolve(parse(chunk.toString("utf8")));
        });
        socket.write(`GET ${target} HTTP/1.1\r\nhost: ${new URL(world().address).host}\r\n\r\n`);
      }),
    close: () => socket.destroy(),
  };
}

function open(): Socket {
  const { hostname, port } = new URL(world().address);
  return connect(Number(port), hostname);
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\r\n");
}

function parse(text: string): RawAnswer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
    }),
  );
  return { status: Number(first.split(" ")[1]), headers, body: rest.join("\r\n\r\n"), text };
}
