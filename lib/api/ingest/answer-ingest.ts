import type { Actor } from "../../auth/actor.ts";
import { assertMayAppend } from "../../auth/roles.ts";
import { watchPermission } from "../../auth/watch-permission.ts";
import { consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { decodeBody } from "../../ingest/decode-body.ts";
import { parseIdempotencyKey } from "../../ingest/ingest-lines.ts";
import type { RateLimit } from "../../ingest/limit-rate.ts";
import { createReadContext } from "../../run-read.ts";
import { thrownProblem } from "../problem.ts";
import { answerBatch } from "./answer-batch.ts";
import { answerLines } from "./answer-lines.ts";
import type { IngestRequest } from "./ingest-request.ts";

const mebibyte = 1024 * 1024;
/** A JSON batch stands in memory as a whole; NDJSON passes through, and only its outcomes stay. */
const bodyLimits = {
  "application/json": { maxEncodedBytes: 16 * mebibyte, maxDecodedBytes: 32 * mebibyte },
  "application/x-ndjson": { maxEncodedBytes: 128 * mebibyte, maxDecodedBytes: 512 * mebibyte, maxRatio: 100 },
};
const ndjsonNames = new Set(["application/x-ndjson", "application/ndjson", "application/jsonl"]);

/** Answers `POST /api/v1/targets/{target}/events`. Never throws. */
export async function answerIngest(
  request: Request,
  given: { actor: Actor | null; target: string; rateLimit: RateLimit },
): Promise<Response> {
  try {
    const { actor, rateLimit, target } = given;
    assertMayAppend(actor);
    const { audit } = createReadContext(actor, { target });
    const form = bodyForm(request.headers.get("content-type"));
    const idempotencyKey = parseIdempotencyKey(request.headers.get("idempotency-key"));
    if (!request.body) throw new AppError("BAD_INPUT", "The request has no body.");
    const { headers } = request;
    const body = decodeBody(
      request.body as Parameters<typeof decodeBody>[0],
      { encoding: headers.get("content-encoding"), length: headers.get("content-length") },
      bodyLimits[form],
    );
    // A body of many lines comes in for as long as its sender likes.
    const allowed = watchPermission(consoleDb(), actor, assertMayAppend);
    const signal = AbortSignal.any([request.signal, allowed.signal]);
    const asked: IngestRequest = { audit, target, actor, body, idempotencyKey, rateLimit, signal };
    try {
      return form === "application/json" ? await answerBatch(asked) : await answerLines(asked);
    } finally {
      allowed.end();
      await body.discard();
    }
  } catch (thrown) {
    return thrownProblem(thrown, { operation: "appendEvents", target: given.target });
  }
}

/** @throws AppError BAD_INPUT */
function bodyForm(contentType: string | null): keyof typeof bodyLimits {
  const name = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (name === "application/json") return name;
  if (ndjsonNames.has(name)) return "application/x-ndjson";
  throw new AppError("BAD_INPUT", `The Content-Type "${name.slice(0, 60)}" is not taken here.`, {
    hint: "Send application/json (one batch) or application/x-ndjson (an event a line).",
  });
}
