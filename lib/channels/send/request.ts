import { type ClientRequest, type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { TLSSocket } from "node:tls";
import { connectionFailure, DeliveryFailure, quoted } from "./delivery-failure.ts";
import { noTls, type Reach, refusal } from "./reach.ts";

export interface Transport {
  reach: Reach;
  /** From the first connection to the end of the answer. */
  timeoutMs: number;
  /** Aborts when the duty goes to somebody else. */
  signal: AbortSignal;
  /** Authorities trusted instead of the system's; tests alone give one. */
  ca?: string;
}

export interface Answered {
  status: number;
  /** Its first 256 kB. */
  text: string;
  retryAfterMs: number | null;
}

export interface Sent {
  method?: "GET" | "POST";
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Left out of everything that is told of the answer. */
  secrets?: readonly string[];
}

const mostBytes = 256 * 1_024;

/**
 * One request, to an address that was judged in the moment of connecting. Redirects are not followed.
 * @returns the answer of a 2xx
 * @throws DeliveryFailure for everything else
 */
export async function request(sent: Sent, transport: Transport): Promise<Answered> {
  const answer = await exchange(sent, transport);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw answeredFailure(sent, answer);
}

function exchange(sent: Sent, { reach, timeoutMs, signal, ca }: Transport): Promise<Answered> {
  const url = new URL(sent.url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const plain = url.protocol === "http:";
  const refused = reach.refusalOf(host, plain);
  if (refused) return Promise.reject(new DeliveryFailure(refused, { again: "channel" }));
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  let connected = false;
  const made: ClientRequest = (plain ? plainRequest : tlsRequest)(url, {
    method: sent.method ?? "POST",
    headers: {
      "user-agent": "audit-db-dashboard",
      ...(sent.body !== undefined && { "content-length": String(Buffer.byteLength(sent.body)) }),
      ...sent.headers,
    },
    // A connection of its own: none is kept that was judged for an earlier message.
    agent: false,
    lookup: reach.lookup,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    ...(ca && { ca }),
  });
  made.once("socket", (socket) => {
    const ready = () => {
      connected = true;
      if (plain && !reach.mayBePlain(host, socket.remoteAddress ?? "")) made.destroy(refusal(noTls(host)));
      else made.end(sent.body);
    };
    socket.once((socket as TLSSocket).encrypted ? "secureConnect" : "connect", ready);
  });
  made.once("error", (thrown) => reject(connectionFailure(thrown, host, connected)));
  made.once("response", (response) => readBounded(response, resolve, reject, host));
  return promise;
}

function readBounded(
  response: IncomingMessage,
  resolve: (answer: Answered) => void,
  reject: (failure: DeliveryFailure) => void,
  host: string,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const done = () => {
    const text = Buffer.concat(chunks).subarray(0, mostBytes).toString("utf8");
    resolve({
      status: response.statusCode ?? 0,
      text,
      retryAfterMs: retryAfter(response.headers["retry-after"]),
    });
  };
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < mostBytes) return;
    done();
    response.destroy();
  });
  response.once("end", done);
  response.once("error", (thrown) => reject(connectionFailure(thrown, host, true)));
}

/** As seconds or as a date (RFC 9110). */
export function retryAfter(header: string | undefined, now = Date.now()): number | null {
  if (!header) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

function answeredFailure(
  { url, secrets = [] }: Sent,
  { status, text, retryAfterMs }: Answered,
): DeliveryFailure {
  const host = new URL(url).hostname;
  const said = quoted(text, secrets);
  const words = `${host} answered ${status}${status >= 300 && status < 400 ? ", a redirect, which is not followed" : ""}${said && `: ${said}`}`;
  return new DeliveryFailure(words, {
    again: "channel",
    status,
    ...(status === 410 && { gone: true }),
    ...(retryAfterMs !== null && { retryAfterMs }),
    // A server that failed over it, or a gateway that waited in vain, may have taken it.
    ...(status >= 500 && { maybeArrived: true }),
  });
}
