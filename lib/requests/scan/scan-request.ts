import { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { readShown, requestObject, shownRequest } from "../life/request-verb.ts";
import { moveRequest } from "../move-request.ts";
import { scanJob } from "./scan-job.ts";

/** Looks once more for what is left of a person whose data was erased: after somebody removed what the last scan found. */
export const scanRequest = defineAdminAction({
  name: "request.scan",
  role: "privacy_officer",
  person: true,
  input: z.strictObject(shownRequest),
  answer: z.strictObject({ scanId: z.uuid() }),
  object: requestObject,
  async run({ tx, actor, now, enqueue }, { request, version }) {
    const row = await readShown(tx, { request, version });
    if (row.kind !== "erasure")
      throw new AppError(
        "CONFLICT",
        `Request #${request} erases nothing, so nothing is looked for after it.`,
      );
    const object = { type: "request", id: String(row.number) };
    const jobId = await enqueue(scanJob, { request: row.id }, { object });
    await moveRequest(tx, row, "rescan", { actor, now, set: { jobId } });
    const scanId = uuidV7(now.getTime());
    await tx
      .insert(schema.requestScan)
      .values({ id: scanId, requestId: row.id, jobId, state: "running", beganAt: now });
    return { data: { scanId }, jobId, object, facts: { request: row.number } };
  },
});
