import type { IncomingMessage, ServerResponse } from "node:http";
import { problemResponse } from "../api/problem.ts";
import type { Refusal } from "./refusal.ts";
import { isApi, pathOf } from "./refuse-address.ts";

/** Of a body that is not wanted Node throws this much away, so that the sender reads the answer; for more it closes. */
const drainedBytes = 1_048_576;

/** Answers with a refusal: the API's as the problem it documents, others as plain text. */
export async function sendRefusal(
  refused: Refusal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, text, headers } = refused;
  const problem =
    status === 400 && isApi(pathOf(request.url ?? ""))
      ? problemResponse({ code: "BAD_INPUT", message: text, retryable: false })
      : null;
  response.writeHead(status, {
    ...(problem
      ? Object.fromEntries(problem.headers)
      : { "content-type": "text/plain", "cache-control": "no-store" }),
    ...(Number(request.headers["content-length"] ?? 0) > drainedBytes && { connection: "close" }),
    ...headers,
  });
  const body = problem ? await problem.text() : text;
  response.end(request.method === "HEAD" ? undefined : body);
}
