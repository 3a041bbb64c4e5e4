import type { ConsoleDb } from "../../db/console-db.ts";
import { env } from "../../env.ts";
import { AppError } from "../../errors.ts";
import { assertSigned, takeMessage } from "../../requests/webhook/take-message.ts";
import { readSmallBody } from "../read-small-body.ts";
import { countIntake } from "./limit-intake.ts";

export interface IntakeRequest {
  console: ConsoleDb;
  /** Of the request's path. */
  source: string;
  /** The caller's; null where it is not known. */
  address: string | null;
}

/**
 * Takes in what a ticketing system signed: 201 with the request's number, 200 with the same for a message that came before.
 * @throws AppError UNAUTHENTICATED, BAD_INPUT naming fields and never what stands in them, TOO_LARGE, RATE_LIMITED
 */
export async function answerIntake(
  request: Request,
  { console, source, address }: IntakeRequest,
): Promise<Response> {
  const context = { console, auditTargets: env().targets.map(({ name }) => name), now: new Date() };
  await countIntake(console.db, "intake-address", address ?? "unknown");
  const message = { source, head: headOf(request.headers), body: await readSmallBody(request) };
  await assertSigned(context, message);
  await countIntake(console.db, "intake-source", source);
  const data = await takeMessage(context, message);
  return Response.json(
    { data },
    { status: data.repeated ? 200 : 201, headers: { "cache-control": "no-store" } },
  );
}

function headOf(headers: Headers) {
  const [id, timestamp, signature] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name) => headers.get(name) ?? "",
  );
  if (!id || !timestamp || !signature)
    throw new AppError("UNAUTHENTICATED", "The message is not signed.", {
      hint: "Send webhook-id, webhook-timestamp and webhook-signature of Standard Webhooks.",
    });
  return { id, timestamp, signature };
}
