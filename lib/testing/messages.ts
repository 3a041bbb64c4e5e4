import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Message } from "../channels/message.ts";
import { createReach } from "../channels/send/reach.ts";
import type { Attempt } from "../channels/send/sender.ts";

/** What one message tells, unless given otherwise. */
export function messageOf(given: Partial<Message> = {}): Message {
  return {
    kind: "fired",
    incident: {
      id: "0192",
      number: 12,
      target: "audit",
      check: "connections.idle_in_transaction",
      version: 1,
    },
    severity: "critical",
    severityBefore: null,
    title: "Idle in transaction",
    objects: ["public.a", "public.b"],
    more: 3,
    value: "12 min, limit 5 min",
    since: "2026-11-27T18:00:00.000Z",
    endedAt: null,
    detail: null,
    by: null,
    link: "https://console.test/audit/alerts/12",
    ...given,
  };
}

/** One attempt to send it, loopback allowed. */
export function attemptOf(given: Partial<Attempt> = {}): Attempt {
  return {
    id: "01900000-0000-7000-8000-000000000001",
    message: messageOf(),
    config: {},
    secret: {},
    at: new Date(),
    mail: { url: undefined, from: undefined },
    ...given,
    transport: {
      reach: createReach(["127.0.0.0/8", "localhost"]),
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      ...given.transport,
    },
  };
}

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** What it answers from now on; 200 at first. */
  answer(by: number | ((request: Received, response: ServerResponse) => void)): void;
  close(): Promise<void>;
}

/** A web server on loopback that keeps what it is sent. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let respond: (request: Received, response: ServerResponse) => void = (_request, response) =>
    response.end("ok");
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    received.push(one);
    respond(one, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer(by) {
      respond =
        typeof by === "number" ? (_request, response) => response.writeHead(by).end(`answered ${by}`) : by;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
